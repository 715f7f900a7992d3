"""The calls of organizations whose costs are measured."""

ADMINISTRATOR = {"name": "Siti Rahma", "email": "siti@smantiga.test"}
NEW = {"name": "SMA Negeri 3 Contoh", "npsn": "69800003", "timezone": "Asia/Jayapura", "administrator": ADMINISTRATOR}

CALLS = {
    "POST /api/organizations": {"json_body": NEW},
    "PATCH /api/organizations/{organization_id}": {"json_body": {"timezone": "Asia/Jakarta"}},
}
