"""Each line of the ledger, by the table of policy.md section 2: its points and its plain words."""

import math

import pytest

from bot.domain.cases import Asked, Assumption, Blind, Case, Criterion, Finished, Said
from bot.domain.evidence import gather, index_line
from bot.domain.ledger import base_rate, index_of, logistic, logit, usual_confidence
from bot.domain.opinions import blocked, confidence, silence, trend
from bot.domain.proofs import assumptions, blind, criteria, find_proof, no_proof, votes
from tests.domain.cases_of import DAY, FALSE, MET, PASSED, asked, case, finished, only, said, thumbs

UP, DOWN = math.log(0.65 / 0.42), math.log(0.35 / 0.58)


class TestGround:
    @pytest.mark.parametrize(("worked", "of", "rate"), [(0, 0, 0.25), (1, 1, 3 / 9), (0, 40, 2 / 48), (40, 40, 0.60)])
    def test_a_bet_starts_at_the_teams_own_base_rate(self, worked: int, of: int, rate: float) -> None:
        assert base_rate(finished(worked, of)) == pytest.approx(rate)

    def test_it_is_never_under_three_in_a_hundred(self) -> None:
        assert base_rate(finished(0, 100)) == 0.03

    def test_a_new_team_usually_says_70_percent(self) -> None:
        assert usual_confidence(()) == pytest.approx(0.70)

    def test_what_it_says_of_its_finished_bets_moves_that(self) -> None:
        said_of_it = (Finished(90, False), Finished(90, False), Finished(None, True))
        assert usual_confidence(said_of_it) == pytest.approx(logistic((6 * logit(0.7) + 2 * logit(0.9)) / 8))

    @pytest.mark.parametrize(
        ("upside", "worth"), [("S", 0.6), ("M", 1), ("L", 1.7), ("XL", 3), ("colossal", 1), ("", 1)]
    )
    def test_the_index_is_worth_over_what_is_left(self, upside: str, worth: float) -> None:
        assert index_of(case(upside=upside), 0.25) == pytest.approx(worth * 2)

    def test_what_is_left_is_never_under_35_percent_of_the_appetite(self) -> None:
        assert index_of(case(spent_pw=7.9), 0.25) == index_of(case(spent_pw=80.0), 0.25) == pytest.approx(1 / 0.35)

    def test_the_index_in_words(self) -> None:
        ground = case(finished=finished(0, 1))
        assert index_line(ground, 0.06, 0.54).text == (
            "Chance of paying off now about 6 in 100; a fresh bet here starts at 22 in 100. "
            "The next people-week is worth 0.5 of a fresh bet's."
        )


class TestConfidence:
    def test_it_counts_against_what_is_usual_in_this_team(self) -> None:
        found = only(confidence(case(said=said(50, by="ana") + said(55, by="raj") + said(80, by="lee"))))
        assert found.points == pytest.approx(logit(0.55) - 0.4 * 0.5 - logit(0.7))
        assert found.text == "Confidence 55% against this team's usual 70% (3 people, newest 0 days old)"

    @pytest.mark.parametrize(("conf", "counts"), [(75, "65%"), (70, "60%")])
    def test_what_spending_takes_off_is_said_where_it_turns_the_sentence_round(self, conf: int, counts: str) -> None:
        found = only(confidence(case(spent_pw=9.2, said=said(conf))))
        told = f"Confidence {conf}% against this team's usual 70% (1 person, newest 0 days old)"
        assert found.points < 0 and found.text == f"{told}; at 115% of the appetite it counts as {counts}"
        assert "counts as" not in only(confidence(case(spent_pw=9.2, said=said(95)))).text

    def test_each_persons_newest_number_counts_and_an_empty_one_is_none(self) -> None:
        assert confidence(case(said=said(20, 90, None)))[0].text.startswith("Confidence 90% ")

    def test_an_old_number_fades_to_half_its_weight(self) -> None:
        def points(at: int) -> float:
            return only(confidence(case(day=200, said=said(30, until=at)))).points

        assert points(200 - 42) == pytest.approx(math.exp(-0.5) * points(200))
        assert points(20) == pytest.approx(0.5 * points(200))

    def test_it_is_held_between_two_and_a_half_points(self) -> None:
        assert only(confidence(case(said=said(0)))).points == -2.5
        modest = finished(0, 40, conf=2)
        assert only(confidence(case(said=said(100), finished=modest))).points == 2.5

    def test_nobodys_number_has_no_line(self) -> None:
        assert confidence(case()) == confidence(case(said=said(None))) == []


class TestTrend:
    def test_the_same_people_went_from_there_to_here(self) -> None:
        both = said(80, 70, 55) + said(80, 60, 55, by="raj") + said(10, by="lee")
        found = only(trend(case(said=both)))
        assert found.points == pytest.approx(0.8 * (logit(0.55) - logit(0.8) - 0.2 * 0.5))
        assert found.text == "The same 2 people went from 80% to 55%"

    def test_it_takes_fourteen_days(self) -> None:
        assert trend(case(said=said(80, 55))) == []
        assert trend(case(said=said(80, None, 55)))[0].text == "The same person went from 80% to 55%"

    def test_it_is_held_at_one_point_two(self) -> None:
        assert only(trend(case(said=said(95, 50, 5)))).points == -1.2
        assert only(trend(case(said=said(5, 50, 95)))).points == 1.2


class TestVotes:
    def test_the_newest_round_and_all_rounds_are_named(self) -> None:
        found = only(votes(case(votes=(thumbs(4, 7, at=14), thumbs(1, 5)))))
        assert found.points == pytest.approx(0.4 * (5 * UP + 12 * DOWN))
        assert found.text == ("1 of 6 thumbs up on the newest samples (could be 4 to 50%); 5 of 17 over all rounds")

    @pytest.mark.parametrize(("age", "weight"), [(28, 1), (29, 0.5), (56, 0.5), (57, 0.25), (300, 0.25)])
    def test_older_votes_count_less(self, age: int, weight: float) -> None:
        found = only(votes(case(day=400, votes=(thumbs(3, 1, at=400 - age),))))
        assert found.points == pytest.approx(0.4 * weight * (3 * UP + DOWN))

    def test_they_are_held_at_two_points(self) -> None:
        assert only(votes(case(votes=(thumbs(50, 0),)))).points == 2
        assert only(votes(case(votes=(thumbs(0, 50),)))).points == -2

    def test_a_tie_counts_half_to_each_side_of_a_blind_comparison(self) -> None:
        found = only(blind(case(blind=(Blind(DAY, 3, 6, 2),))))
        assert found.points == pytest.approx(0.6 * (4 * math.log(0.65 / 0.45) + 7 * math.log(0.35 / 0.55)))
        assert found.text == "Blind comparison: preferred to the baseline 3 times of 11, 2 ties"

    def test_blind_comparisons_add_up(self) -> None:
        assert only(blind(case(blind=(Blind(7, 1, 5), Blind(DAY, 3, 2))))).text.endswith("4 times of 11")


class TestCriteria:
    def test_one_that_was_met_is_a_hard_fact(self) -> None:
        found = only(criteria(case(criteria=(MET,))))
        assert (found.code, found.points, found.hard) == ("criterion_met", -1.2, True)
        assert found.text == "Kill criterion k1 was met on day 21: you agreed to stop"

    def test_one_that_was_passed_speaks_for_the_bet(self) -> None:
        found = only(criteria(case(criteria=(PASSED,))))
        assert (found.code, found.points, found.hard) == ("criterion_passed", 0.5, False)
        assert found.text == "Kill criterion k1 did not happen on day 21"

    @pytest.mark.parametrize(("late", "points"), [(7, -0.3), (14, -0.4), (42, -0.8), (300, -0.8)])
    def test_one_that_is_overdue_weighs_more_each_week(self, late: int, points: float) -> None:
        found = only(criteria(case(day=310, criteria=(Criterion("F1 over 0.6", 310 - late),))))
        assert (found.code, found.points) == ("criterion_overdue", pytest.approx(points))
        assert found.text == f"Kill criterion 'F1 over 0.6' was due {late} days ago and nobody has answered it"

    def test_one_that_is_due_today_or_has_no_date_is_not_overdue(self) -> None:
        assert criteria(case(criteria=(Criterion("k1", DAY), Criterion("k2")))) == []

    def test_each_has_its_line(self) -> None:
        found = criteria(case(criteria=(MET, PASSED, Criterion("k3", DAY - 7))))
        assert [one.points for one in found] == pytest.approx([-1.2, 0.5, -0.3])

    def test_a_long_name_is_cut(self) -> None:
        found = only(criteria(case(criteria=(Criterion("users say " * 60, 21, "failed", 21),))))
        assert len(found.text) <= 200 and found.text.endswith("…' was met on day 21: you agreed to stop")


class TestAssumptions:
    def test_a_critical_one_that_is_false_is_a_hard_fact(self) -> None:
        found = only(assumptions(case(assumptions=(FALSE,))))
        assert (found.code, found.points, found.hard) == ("assumption_false", -2.0, True)
        assert found.text == "Critical assumption 'labels exist' was found false on day 9"

    def test_its_day_counts_as_the_card_does_where_there_is_one(self) -> None:
        [first] = assumptions(case(assumptions=(FALSE,), first_day=1))
        assert first.text.endswith("was found false on day 10")
        [later] = assumptions(case(assumptions=(FALSE,), first_day=1, renewed=True))
        assert later.text.endswith("was found false on day 10 since its first start")

    def test_another_one_is_not(self) -> None:
        found = only(assumptions(case(assumptions=(Assumption("a2", False, "false"),))))
        assert (found.points, found.hard, found.text) == (-0.6, False, "Assumption a2 was found false by day 28")

    def test_a_critical_one_should_be_tested_by_two_fifths_of_the_appetite(self) -> None:
        untested = (Assumption("a1", True), Assumption("a2", False), Assumption("a3", True, "holds"))
        assert assumptions(case(assumptions=untested, spent_pw=3.2)) == []
        found = only(assumptions(case(assumptions=untested, spent_pw=4.8)))
        assert (found.code, found.points) == ("assumption_untested", -0.3)
        assert found.text == "Critical assumption a1 is still untested at 60% of the appetite"


class TestSilence:
    def test_unanswered_prompts_of_three_weeks_count(self) -> None:
        found = only(silence(case(**asked(False, False, True))))
        assert found.points == pytest.approx(-0.5 * (2 / 3 - 0.4) / 0.6)
        assert found.text == "2 of 3 answers asked for in 3 weeks did not come"

    def test_silence_is_worth_half_a_point_at_most(self) -> None:
        assert only(silence(case(**asked(False, False, False)))).points == pytest.approx(-0.5)

    @pytest.mark.parametrize("answers", [(False, False), (True, True, False), (True, True, True)])
    def test_few_prompts_or_few_gaps_say_nothing(self, answers: tuple[bool, ...]) -> None:
        assert silence(case(**asked(*answers))) == []

    def test_todays_prompt_can_still_be_answered(self) -> None:
        assert silence(case(**asked(False, False, False, until=DAY))) == []

    def test_prompts_of_more_than_three_weeks_ago_are_forgotten(self) -> None:
        assert silence(case(**asked(False, False, False, False, until=DAY - 14))) == []

    def test_somebody_elses_answer_is_not_this_persons(self) -> None:
        prompts = tuple(Asked(day, "raj") for day in (7, 14, 21))
        assert only(silence(case(asked=prompts, said=said(70, 70, 70, by="ana", until=21)))).points == -0.5


class TestBlocked:
    @pytest.mark.parametrize(("run", "points"), [(2, -0.3), (3, -0.6), (4, -0.9), (9, -0.9)])
    def test_a_run_of_blocked_updates_counts(self, run: int, points: float) -> None:
        found = only(blocked(case(said=said(*[None] * run, blocked=True))))
        assert (found.points, found.text) == (pytest.approx(points), f"Blocked in {run} updates running")

    def test_one_who_is_not_blocked_ends_it(self) -> None:
        assert blocked(case(said=(*said(50, 50, blocked=True), Said(DAY, "raj")))) == []


class TestNoProof:
    def test_spending_without_proof_counts(self) -> None:
        found = only(no_proof(case(spent_pw=6.0, votes=(thumbs(1, 5),))))
        assert found.points == pytest.approx(math.log(1 - 0.24))
        assert found.text == (
            "6 of 8 people-weeks spent and no outside proof yet: about 2 in 10 bets that pay off have shown one by now"
        )

    def test_half_of_it_where_nobody_has_looked_yet(self) -> None:
        found = only(no_proof(case(spent_pw=6.0)))
        assert found.points == pytest.approx(math.log(1 - 0.24) / 2)
        assert "nobody outside has looked yet" in found.text

    def test_it_starts_at_35_percent_and_ends_at_three_quarters(self) -> None:
        assert no_proof(case(spent_pw=2.8)) == []
        assert only(no_proof(case(spent_pw=800.0, votes=(thumbs(1, 5),)))).points == pytest.approx(math.log(0.25))

    def test_early_on_it_says_that_few_bets_have_shown_one(self) -> None:
        found = only(no_proof(case(spent_pw=3.6)))
        assert found.text == (
            "3.6 of 8 people-weeks spent and nobody outside has looked yet: "
            "fewer than 1 in 10 bets that pay off have shown one this early"
        )

    def test_over_several_appetites_it_says_so(self) -> None:
        assert "6 of 8 people-weeks of all appetites spent" in only(no_proof(case(spent_pw=6.0, renewed=True))).text

    def test_a_proof_ends_it(self) -> None:
        for proof in ({"criteria": (PASSED,)}, {"votes": (thumbs(5, 1),)}, {"blind": (Blind(DAY, 9, 2),)}):
            assert no_proof(case(spent_pw=6.0, **proof)) == []


class TestProof:
    def test_votes_prove_when_their_lower_end_is_over_one_half(self) -> None:
        assert find_proof(case(votes=(thumbs(4, 2),))) is None
        proof = find_proof(case(votes=(thumbs(1, 0, at=7), thumbs(4, 1, at=14), thumbs(3, 1, at=21))))
        assert proof is not None and (proof.code, proof.since) == ("votes", 14)

    def test_the_first_proof_that_still_holds_counts(self) -> None:
        proof = find_proof(case(criteria=(PASSED,), votes=(thumbs(6, 0, at=14),)))
        assert proof is not None and (proof.code, proof.since) == ("votes", 14)

    def test_a_proof_that_later_votes_took_back_is_none(self) -> None:
        assert find_proof(case(votes=(thumbs(5, 0, at=7), thumbs(0, 6, at=21)))) is None


def test_a_bet_of_which_nothing_is_known_has_no_line() -> None:
    assert gather(Case()) == ()
