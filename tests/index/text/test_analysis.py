from index.text.analysis import content_stems, stems, words


def test_case_endings_and_accents_do_not_matter():
    assert stems("Railways RAILWAY naïve naive") == ["railway", "railway", "naiv", "naiv"]


def test_hyphenated_words_are_their_parts():
    assert stems("Rajin-Khasan") == stems("Rajin Khasan")


def test_a_typographic_apostrophe_is_an_apostrophe():
    assert stems("Russia’s") == stems("Russia's") == ["russia"]


def test_function_words_of_a_question_do_not_count_unless_they_are_all_there_is():
    assert content_stems("What is the railway for?") == ["railway"]
    assert content_stems("To be or not to be") == ["to", "be", "or", "not"]


def test_words_are_placed_in_characters_even_after_an_emoji():
    assert words("🍵 tea") == [(2, 5, "tea")]


def test_other_scripts_are_words():
    assert stems("чай 茶") == ["чаи", "茶"]


def test_what_is_written_without_spaces_is_found_by_any_two_characters_of_it():
    assert stems("北京大学 2024") == ["北京", "京大", "大学", "2024"]
    assert set(stems("京大")) <= set(stems("北京大学"))
    assert stems("USB接口") == ["usb", "接口"]
    assert stems("กาแฟ") == ["กา", "าแ", "แฟ"]


def test_vowel_signs_are_part_of_a_word():
    assert [end for _, end, _ in words("हिन्दी चाय")] == [6, 10]
    assert len(words("שָׁלוֹם")) == len(words("سَلَام")) == 1
