"""The types of files that several concepts answer with, apart from what makes the files and is loaded for them only."""

CSV = "text/csv"
HTML = "text/html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
