"""POST and GET /api/users/me/image and /api/users/{user_id}/image: pictures of accounts (acceptance A3, C5)."""

import io
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from core.kernel import clock
from PIL import Image

from tests.bucket import content_of, keep
from tests.gateway import call
from tests.images import MINE, attach, empty, path_of, picture, stored, upload, user_of
from tests.schools import everything

WANTED = {"fileName": "budi.jpg", "fileSize": 1000, "fileType": "image/jpeg"}


@pytest.fixture(autouse=True)
def _empty(table):
    empty()


@pytest.fixture
def student(school):
    return school.token("student")


class TestALink:
    def ask(self, token, path=MINE, **changes):
        return call("images", "POST", path, token=token, json_body=WANTED | changes)

    def test_takes_exactly_what_was_announced_for_five_minutes(self, school, student):
        reply = self.ask(student)
        assert reply.status == 200
        result = reply.result
        url, signed = urlsplit(result["url"]), parse_qs(urlsplit(result["url"]).query)
        assert (result["method"], url.scheme) == ("PUT", "https")
        assert result["headers"] == {"Content-Type": "image/jpeg", "Content-Length": "1000"}
        assert signed["X-Amz-SignedHeaders"] == ["content-length;content-type;host"]
        assert signed["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
        assert signed["X-Amz-Expires"] == ["300"]
        assert url.path.endswith(result["key"])
        assert timedelta(seconds=290) < clock.from_wire(result["expiresAt"]) - clock.now() <= timedelta(seconds=300)
        me = school.people["student"].id
        assert result["key"].startswith(f"images/uploads/{school.id}/{me}/{me}/")

    def test_takes_a_size_in_digits_and_never_a_key_twice(self, student):
        keys = {self.ask(student, fileSize=size).result["key"] for size in (5, "5", "2097152")}
        assert len(keys) == 3

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"fileSize": 0}, "fileSize"),
            ({"fileSize": 2097153}, "fileSize"),
            ({"fileSize": True}, "fileSize"),
            ({"fileSize": "1e3"}, "fileSize"),
            ({"fileSize": "9" * 5000}, "fileSize"),
            ({"fileType": "image/svg+xml"}, "fileType"),
            ({"fileType": "text/html"}, "fileType"),
            ({"fileType": "image/gif"}, "fileType"),
            ({"fileType": "image/jpeg\r\nx: y"}, "fileType"),
            ({"fileName": ""}, "fileName"),
            ({"fileName": "a\x00b"}, "fileName"),
            ({"userId": "x"}, "userId"),
        ],
    )
    def test_is_refused_for_anything_but_a_picture(self, student, changes, field):
        reply = self.ask(student, **changes)
        assert (reply.status, reply.codes[0][0]) == (400, field)

    def test_for_others_needs_the_permission_and_the_strength(self, school, student):
        teacher, strong = path_of(school.people["teacher"]), path_of(school.people["platform administrator"])
        assert self.ask(student, teacher).status == 403
        assert self.ask(student, path_of(school.people["student"])).status == 403
        administrator = school.token("administrator")
        assert self.ask(administrator, teacher).status == 200
        refused = self.ask(administrator, strong)
        assert (refused.status, refused.codes) == (403, [(None, "stronger_account")])

    def test_a3_somebody_of_another_school_is_nobody(self, school, other_school):
        administrator = school.token("administrator")
        theirs = self.ask(administrator, path_of(other_school.people["student"]))
        absent = self.ask(administrator, f"/api/users/{'0' * 24}/image")
        assert (theirs.status, theirs.text) == (404, absent.text)


class TestAPicture:
    def test_is_what_was_uploaded_and_the_upload_is_gone(self, school, student):
        reply = attach(student, upload(student, picture()))
        assert reply.status == 200
        key = user_of(school).image
        assert stored() == {key}
        with Image.open(io.BytesIO(content_of(key))) as image:
            assert (image.format, image.size) == ("JPEG", (300, 200))
            assert image.getpixel((5, 5))[0] > 240
        assert reply.headers["etag"] == '"2"'
        name = key.rpartition("/")[2].removesuffix(".jpg")
        mine = f"http://localhost:3000/api/users/{school.people['student'].id}/image?version={name}"
        assert reply.result["image"] == mine
        assert call("users", "GET", "/api/users/me", token=student).result["image"] == mine
        assert call("auth", "GET", "/api/auth/get-session", token=student).body["user"]["image"] == mine

    def test_is_written_into_the_audit_trail(self, school, table, student):
        attach(student, upload(student, picture()))
        (entry,) = [each for each in everything(table) if each.get("action", {}).get("S") == "users.image"]
        assert entry["target_id"] == entry["actor_id"] == {"S": school.people["student"].id}

    def test_of_somebody_else_is_set_by_who_may_write_users(self, school):
        administrator, path = school.token("administrator"), path_of(school.people["teacher"])
        assert attach(administrator, upload(administrator, picture(), path=path), path).status == 200
        assert user_of(school, "teacher").image in stored()

    @pytest.mark.parametrize(
        ("kind", "media_type", "options"),
        [
            ("PNG", "image/png", {}),
            ("PNG", "image/png", {"mode": "RGBA", "color": (255, 0, 0, 0)}),
            ("PNG", "image/png", {"mode": "P", "color": 1}),
            ("PNG", "image/png", {"mode": "I;16", "color": 60000}),
            ("JPEG", "image/jpeg", {"mode": "CMYK", "color": (0, 255, 255, 0)}),
            ("JPEG", "image/jpeg", {"mode": "L", "color": 90}),
            ("WEBP", "image/webp", {}),
            ("WEBP", "image/webp", {"lossless": True}),
            ("WEBP", "image/webp", {"mode": "RGBA", "color": (255, 0, 0, 90)}),
        ],
    )
    def test_may_be_any_of_the_three_types(self, school, student, kind, media_type, options):
        assert attach(student, upload(student, picture(kind, **options), media_type)).status == 200
        with Image.open(io.BytesIO(content_of(user_of(school).image))) as image:
            assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (300, 200))

    def test_keeps_no_exif_and_no_other_metadata_and_stands_upright(self, school, student):
        exif = Image.Exif()
        exif[0x0112], exif[0x010F] = 6, "Kamera Rahasia"
        exif.get_ifd(0x8825)[1] = "S"
        content = picture(exif=exif.tobytes(), comment=b"rahasia", icc_profile=b"a profile" * 20)
        assert b"Kamera" in content
        attach(student, upload(student, content))
        kept = content_of(user_of(school).image)
        with Image.open(io.BytesIO(kept)) as image:
            assert image.size == (200, 300)
            assert not image.getexif()
            assert not image.info.keys() - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not any(each in kept for each in (b"Kamera", b"rahasia", b"profile", b"Exif"))

    def test_is_at_most_1024_pixels_each_way(self, school, student):
        attach(student, upload(student, picture(size=(3000, 1500))))
        with Image.open(io.BytesIO(content_of(user_of(school).image))) as image:
            assert image.size == (1024, 512)

    def test_takes_the_place_of_the_one_before(self, school, student):
        attach(student, upload(student, picture()))
        first = user_of(school).image
        attach(student, upload(student, picture(color="blue")))
        assert stored() == {user_of(school).image}
        assert first not in stored()

    def test_is_set_only_on_the_version_that_was_read(self, school, student):
        key = upload(student, picture())
        assert attach(student, key, headers={"If-Match": '"7"'}).status == 412
        assert user_of(school).image is None
        assert attach(student, key, headers={"If-Match": '"1"'}).status == 200

    def test_stays_when_its_own_address_is_sent_back(self, school, student, monkeypatch):
        attach(student, upload(student, picture()))
        before = user_of(school).image
        address = "https://core.test/x"
        monkeypatch.setattr("core.accounts.service.image_address", lambda user: address)
        assert call("users", "PATCH", "/api/users/me", token=student, json_body={"image": address}).status == 200
        assert user_of(school).image == before

    def test_gives_way_to_an_address_elsewhere_and_to_nothing(self, school, student):
        for image in ("https://x.test/y.png", None):
            attach(student, upload(student, picture()))
            reply = call("users", "PATCH", "/api/users/me", token=student, json_body={"image": image})
            assert reply.result["image"] == image

    def test_is_never_set_by_a_key_in_another_body(self, school, student):
        attach(student, upload(student, picture()))
        body = {"image": user_of(school).image}
        assert call("users", "PATCH", "/api/users/me", token=student, json_body=body).status == 400


class TestAnUpload:
    def test_c5_of_somebody_else_is_refused_like_none(self, school, student, other_school):
        teacher, administrator = school.token("teacher"), school.token("administrator")
        mine = path_of(school.people["student"])
        absent = attach(student, call("images", "POST", MINE, token=student, json_body=WANTED).result["key"])
        assert (absent.status, absent.codes) == (404, [("key", "not_found")])
        keys = [
            upload(teacher, picture()),
            # Made for this very user, and by somebody else.
            upload(administrator, picture(), path=mine),
            upload(other_school.token("student"), picture()),
        ]
        for key in keys:
            assert attach(student, key).text == absent.text
        # One's own, and for another user.
        assert attach(administrator, keys[1], path_of(school.people["teacher"])).text == absent.text
        assert user_of(school).image is None

    @pytest.mark.parametrize(
        "change",
        [
            lambda key: key + "\n",
            lambda key: key.replace("images/uploads/", "images/uploads/../uploads/"),
            lambda key: key.replace(".jpg", ".svg"),
            lambda key: key.upper(),
            lambda key: "",
            lambda key: "chunks/x",
        ],
    )
    def test_c5_under_a_key_that_was_never_handed_out_is_refused(self, student, change):
        key = change(upload(student, picture()))
        if key and not key.endswith("\n"):
            keep(key, picture())
        assert attach(student, key).status == 404

    @pytest.mark.parametrize("body", [{"key": 1}, {"key": None}, {"key": "x" * 501}, {"key": "x", "fileName": "y"}, {}])
    def test_is_named_by_one_key(self, student, body):
        assert call("images", "POST", MINE, token=student, json_body=body).status == 400

    def test_c5_larger_than_a_picture_may_be_is_refused(self, school, student):
        key = upload(student, picture())
        keep(key, picture() + b"\0" * (2 * 1024 * 1024))
        assert attach(student, key).status == 413
        assert user_of(school).image is None

    def test_c5_swapped_afterwards_changes_nothing(self, school, student):
        key = upload(student, picture())
        attach(student, key)
        kept = user_of(school).image
        before = content_of(kept)
        keep(key, picture(color="blue"))
        assert content_of(kept) == before
        # Even when it is attached again, what somebody has seen under one address stays what it was.
        assert attach(student, key).status == 200
        assert user_of(school).image != kept
