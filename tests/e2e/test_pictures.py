"""A picture over HTTP: the function of pictures reaches the one that decodes, and nobody else has to."""

import http.client
from urllib.parse import urlsplit

from tests.images import MINE, picture

#: On a slow machine the first decoder starts for longer than anybody waits for it.
TRIES = 5


def test_an_upload_becomes_the_accounts_picture_and_a_file_that_is_none_is_refused(call, sign_in):
    token = sign_in("staff@smansa.test")[2]["token"]

    def attached(content):
        wanted = {"fileName": "budi.jpg", "fileSize": len(content), "fileType": "image/jpeg"}
        link = call("POST", MINE, wanted, token)[2]["result"]
        place = urlsplit(link["url"])
        connection = http.client.HTTPConnection(place.netloc, timeout=60)
        connection.request("PUT", f"{place.path}?{place.query}", content, {"Content-Type": "image/jpeg"})
        assert connection.getresponse().status == 200
        connection.close()
        for _ in range(TRIES):
            answer = call("POST", MINE, {"key": link["key"]}, token)
            if answer[0] != 503:
                break
        return answer

    status, _, body = attached(picture(size=(1600, 1200)))
    assert (status, "/image?version=" in body["result"]["image"]) == (200, True)
    status, _, body = attached(picture()[:200])
    assert (status, [each["code"] for each in body["errors"]]) == (422, ["not_a_picture"])
