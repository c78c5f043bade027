"""Every action id, modal and shortcut, in one place; and how values travel in them."""

import json
from enum import StrEnum
from typing import Any

VALUE_LIMIT = 2_000
PRIVATE_LIMIT = 3_000


class Act(StrEnum):
    """What can be pressed. A button's action id is this, or this and `:` and what tells it from its neighbours."""

    SET_UP = "team_set_up"
    NEW_BET = "bet_new"
    CARD_ANSWER = "card_answer"
    SECOND_OPINION = "card_second_opinion"
    CARD_MORE = "card_more"
    DO = "bet_do"
    UNDO = "decision_undo"
    GIVE_UPDATES = "checkin_give_updates"
    NO_CHANGE = "checkin_no_change"
    DM_ANSWER = "reminder_answer"
    SNOOZE = "reminder_snooze"
    AWAY = "reminder_away"
    MORE_BETS = "updates_more_bets"
    CONFIDENCE = "reply_confidence"
    CONFIDENCE_OTHER = "reply_confidence_other"
    NOT_AN_UPDATE = "reply_not_an_update"
    CRITERION = "criterion_answer"
    NUDGE_SNOOZE = "nudge_snooze"
    START_TODAY = "nudge_start_today"
    SUMMARY_SHARE = "summary_share"
    SUMMARY_PAGE = "summary_page"
    HINDSIGHT = "hindsight_verdict"
    SCOPE_IT = "scope_it"
    SCOPE_NOW = "scope_now"
    SCOPE_NOTHING = "scope_nothing_new"
    SCOPE_BACK = "scope_back"
    SCOPE_SAVE = "scope_save"
    SCOPE_ADD = "scope_add"
    SCOPE_ITEM = "scope_item"
    SCOPE_ITEM_PICK = "scope_item_pick"
    SCOPE_PICK = "scope_pick"
    SCOPE_ASK = "scope_request_sign_off"
    SCOPE_SIGN = "scope_sign_off"
    SCOPE_CHANGE = "scope_change"
    SCOPE_DROP = "scope_drop_change"
    ASSUMPTION = "assumption_answer"
    VOTE = "sample_vote"
    JUDGE_MORE = "sample_judge_more"
    JUDGE_PAGE = "sample_judge_page"
    SHOW_ALL = "sample_show_all"
    POST_SAMPLES = "samples_post_now"
    USE_SET = "prediction_set_use"
    NOT_SAMPLES = "prediction_set_not_meant"
    STORY_PAGE = "predictions_page"
    DELETE_SET = "prediction_set_delete"
    NEW_TOKEN = "token_new"
    REVOKE_TOKEN = "token_revoke"
    COMPARE_VOTE = "pair_vote"
    COMPARE_MORE = "comparison_judge_more"
    COMPARE_PAGE = "comparison_judge_page"
    COMPARE_WHOLE = "pair_show_all"
    LIST_PAGE = "list_page"
    GRAVEYARD_PAGE = "graveyard_page"
    OPEN_MODAL = "mention_open_modal"
    PICK_TEAM = "dm_pick_team"
    HOME_UPDATES = "home_updates"
    HOME_AWAY = "home_away"
    HOME_BACK = "home_back"
    HOME_CONFIG = "home_config"


class Modal(StrEnum):
    """The callback ids of modals."""

    TEAM = "team_modal"
    BET = "bet_modal"
    EDIT_BET = "bet_edit_modal"
    MORE = "bet_more_modal"
    KILL = "bet_kill_modal"
    SHIP = "bet_ship_modal"
    DOUBLE = "bet_double_modal"
    KEEP = "bet_keep_modal"
    REBET = "bet_again_modal"
    REOPEN = "bet_reopen_modal"
    UPDATES = "updates_modal"
    CONFIDENCE = "confidence_modal"
    SECOND_OPINION = "second_opinion_modal"
    AWAY = "away_modal"
    START_TODAY = "start_today_modal"
    SCOPE_1 = "scope_1_modal"
    SCOPE_2 = "scope_2_modal"
    SCOPE_3 = "scope_3_modal"
    SCOPE_SOURCE = "scope_source_modal"
    SCOPE_ASSUMPTION = "scope_assumption_modal"
    SCOPE_CRITERION = "scope_criterion_modal"
    SCOPE_CHANGE = "scope_change_modal"
    ASSUMPTION_LATER = "assumption_later_modal"
    JUDGE_MORE = "judge_more_modal"
    SHOW_ALL = "show_all_modal"
    COMPARE = "compare_modal"
    COMPARE_MORE = "compare_more_modal"
    TRIED = "demo_tried_modal"
    NOTICE = "notice_modal"


class Shortcut(StrEnum):
    """The callback ids of message shortcuts."""

    SCOPE_THIS = "scope_this"


def encode(value: dict[str, Any], limit: int = VALUE_LIMIT) -> str:
    """`value` as it travels in a button or a modal; a programming error if Slack would not carry it."""
    text = _pack(value)
    if len(text) > limit:
        raise ValueError(f"{len(text)} characters do not fit into Slack's {limit}")
    return text


def cut_to_fit(value: dict[str, Any], name: str) -> dict[str, Any]:
    """`value` with its text `name` cut as far as a button needs."""
    text = str(value[name])
    while len(_pack(value)) > VALUE_LIMIT:
        text = text[: len(text) * 9 // 10]
        value = value | {name: text}
    return value


def _pack(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def decode(text: str | None) -> dict[str, Any]:
    """What `encode` packed; nothing at all when it was tampered with or is not ours."""
    try:
        value = _DECODER.decode(text or "{}")
    except (ValueError, TypeError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _small(digits: str) -> int:
    """A number of ours; 0, which nothing has, in the place of one that no database could hold."""
    return int(digits) if len(digits) < 18 else 0


_DECODER = json.JSONDecoder(parse_int=_small)
