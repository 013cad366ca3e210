"""The comparison of two runs of pictures finds what changed, and nothing else."""

from __future__ import annotations

from PIL import Image
from tools.shots.compare import changed_pixels, compare_pages, compare_pictures, page_lines

PAGE = """<main class="a b"><p>Dag <b>Sanne</b>, welkom</p>
<form><input type="hidden" name="csrfmiddlewaretoken" value="{token}"></form>
<a href="/d/{id}/">{id}</a>
<script src="/static/ui/portal.{hash}.js"></script></main>"""
FIRST = {"token": "a" * 64, "id": "6f1c0b52-0000-4000-8000-000000000001", "hash": "0123456789ab"}
OTHER = {"token": "b" * 64, "id": "7f1c0b52-0000-4000-8000-000000000002", "hash": "ba9876543210"}


def picture(path, *, dots=(), size=(20, 10)):
    made = Image.new("RGB", size, "white")
    for dot in dots:
        made.putpixel(dot, (254, 255, 255))
    made.save(path)
    return path


def test_equal_pictures_do_not_differ(tmp_path):
    one, other = (picture(tmp_path / name) for name in ("a.png", "b.png"))
    assert changed_pixels(one, other) == (0, None)


def test_each_changed_pixel_is_counted_and_shown(tmp_path):
    one = picture(tmp_path / "a.png")
    number, shown = changed_pixels(one, picture(tmp_path / "b.png", dots=[(3, 4), (19, 9)]))
    assert number == 2
    assert shown.getpixel((3, 4)) == (220, 0, 0)
    assert shown.getpixel((4, 4)) != (220, 0, 0)


def test_what_a_picture_has_more_is_counted(tmp_path):
    one, other = picture(tmp_path / "a.png"), picture(tmp_path / "b.png", size=(20, 12))
    assert changed_pixels(one, other)[0] == 40


def test_a_picture_that_is_missing_differs(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    picture(tmp_path / "a" / "home.png")
    assert compare_pictures(tmp_path / "a", tmp_path / "b") == 1


def test_tokens_ids_and_hashes_do_not_differ():
    assert page_lines(PAGE.format(**FIRST)) == page_lines(PAGE.format(**OTHER))


def test_white_space_comments_and_the_order_of_attributes_do_not_differ():
    one = '<ul><li class="b  a" id="x">Dag\n  <b>u</b></li></ul><!-- note -->'
    other = '<ul>\n <li id="x" class="a b"> Dag <b>u</b>\n</li>\n</ul>'
    assert page_lines(one) == page_lines(other)


def test_an_ignored_attribute_does_not_differ():
    one, other = '<p class="a">Dag</p>', '<p class="b">Dag</p>'
    assert page_lines(one) != page_lines(other)
    assert page_lines(one, ["class"]) == page_lines(other, ["class"])


def test_white_space_between_words_differs():
    one, other = "<p>Dag <b>u</b></p>", "<p>Dag<b>u</b></p>"
    assert page_lines(one) != page_lines(other)
    assert page_lines(one, loose=True) == page_lines(other, loose=True)


def test_a_changed_text_is_printed(tmp_path, capsys):
    for name, text in (("a", "Dag"), ("b", "Hallo")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "home.nl.html").write_text(f"<p>{text}</p>")
    assert compare_pages(tmp_path / "a", tmp_path / "b") == 1
    assert "-  'Dag'\n+  'Hallo'" in capsys.readouterr().out
