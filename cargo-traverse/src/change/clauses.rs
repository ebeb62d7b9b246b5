//! Clauses: which old one is which new one, and what became of each (spec `CHANGE-3` to `CHANGE-6`).

use super::domains::Domains;
use super::normal::{Normal, Normalizer};
use super::prove::follows;
use super::search::{Search, broken};
use super::version::Judgement;
use super::{Change, Example, Side, places};
use std::collections::HashMap;
use traverse_contract::contract::Rule;
use traverse_contract::lang::eval::Scope;
use traverse_contract::lang::typed::TypedExpr;
use traverse_contract::outcome::FoundBy;
use traverse_contract::spec::{ClauseKind, Text};
use traverse_contract::{CheckedClause, Contract};
use traverse_inputs::{Path, reads};

/// Each clause of either contract: the new ones in their order, then the old ones that are gone.
pub(crate) fn compare(search: &Search<'_>) -> Vec<Change> {
    let pairs = paired(search);
    let before = Given::before(search);
    let after = Given::after(search);
    let judge = Judge { search, before, after };
    let mut changes = Vec::new();
    for kind in [ClauseKind::Precondition, ClauseKind::Postcondition, ClauseKind::Invariant] {
        let of_new = pairs.iter().filter(|(_, new)| new.is_some_and(|new| new.source.kind == kind));
        let gone =
            pairs.iter().filter(|(old, new)| new.is_none() && old.is_some_and(|old| old.source.kind == kind));
        changes.extend(of_new.chain(gone).map(|(old, new)| judge.clause(*old, *new)));
    }
    changes
}

type Pair<'c> = (Option<&'c CheckedClause>, Option<&'c CheckedClause>);

/// Beyond so many pairs of clauses the texts of clauses are not compared letter by letter.
const MOST_COMPARED: usize = 40_000;

/// Pairs old and new clauses: of one id, then of one rule, then of one meaning, then what is left of one kind and similar.
fn paired<'c>(search: &Search<'c>) -> Vec<Pair<'c>> {
    let mut old: Vec<&CheckedClause> = search.old.clauses.iter().collect();
    let mut new: Vec<Option<&CheckedClause>> = search.new.clauses.iter().map(Some).collect();
    let mut pairs: Vec<Pair<'c>> = Vec::new();
    let same_stage = |one: &CheckedClause, other: &CheckedClause| is_before(one) == is_before(other);
    let mut take = |same: &dyn Fn(&CheckedClause, &CheckedClause) -> bool| {
        for slot in &mut new {
            let Some(clause) = *slot else { continue };
            if let Some(at) = old.iter().position(|old| same(old, clause)) {
                pairs.push((Some(old.remove(at)), Some(clause)));
                *slot = None;
            }
        }
    };
    let id = |clause: &CheckedClause| clause.source.id.as_ref().map(|id| id.value.clone());
    take(&|one, other| id(one).is_some() && id(one) == id(other) && same_stage(one, other));
    take(&|one, other| {
        one.source.rule.value == other.source.rule.value && one.source.kind == other.source.kind
    });
    take(&|one, other| one.source.rule.value == other.source.rule.value && same_stage(one, other));
    let normal = |contract: &Contract, clause: &CheckedClause| match &clause.rule {
        Rule::Expression { expr, .. } => Some(Normalizer::new(&contract.schemas).rule(expr, true)),
        _ => None,
    };
    let normals = |contract: &Contract| -> Normals {
        contract.clauses.iter().map(|clause| (std::ptr::from_ref(clause), normal(contract, clause))).collect()
    };
    let (old_normals, new_normals) = (normals(search.old), normals(search.new));
    take(&|one, other| {
        same_stage(one, other)
            && normal_of(&old_normals, one).is_some_and(|rule| normal_of(&new_normals, other) == Some(rule))
    });
    let similar_is_asked = search.old.clauses.len() * search.new.clauses.len() <= MOST_COMPARED;
    take(&|one, other| {
        if !similar_is_asked {
            return one.source.kind == other.source.kind && one.source.index == other.source.index;
        }
        let similar = strsim::normalized_levenshtein(&one.source.rule.value, &other.source.rule.value);
        // A clause that has an id and one that has another are two clauses.
        let apart = id(one).is_some() && id(other).is_some() && similar < 0.9;
        one.source.kind == other.source.kind && one.is_prose() == other.is_prose() && similar >= 0.5 && !apart
    });
    pairs.extend(new.into_iter().flatten().map(|clause| (None, Some(clause))));
    pairs.extend(old.into_iter().map(|clause| (Some(clause), None)));
    pairs.sort_by_key(|(old, new)| new.or(*old).map(|clause| (clause.source.kind, clause.source.index)));
    pairs
}

/// The normal form of each clause of a contract, by the clause's address; of words none.
type Normals = HashMap<*const CheckedClause, Option<Normal>>;

fn normal_of<'n>(normals: &'n Normals, clause: &CheckedClause) -> Option<&'n Normal> {
    normals.get(&std::ptr::from_ref(clause)).and_then(Option::as_ref)
}

fn is_before(clause: &CheckedClause) -> bool {
    clause.source.kind == ClauseKind::Precondition
}

/// What holds wherever a clause matters, in normal form.
struct Given {
    old: Vec<Normal>,
    new: Vec<Normal>,
    domains: Domains,
}

impl Given {
    /// Before the function: what the old contract asks (for a new clause), what the new one asks (for an old clause).
    fn before(search: &Search<'_>) -> Given {
        let mut domains = Domains::default();
        let old = rules(search, Side::Old, ClauseKind::Precondition, &mut domains);
        let new = rules(search, Side::New, ClauseKind::Precondition, &mut domains);
        Given { old, new, domains }
    }

    /// After it: what both ask of the input, what one promises of the result, and that it need not raise an exception.
    fn after(search: &Search<'_>) -> Given {
        let mut domains = Domains::default();
        let mut asked = rules(search, Side::Old, ClauseKind::Precondition, &mut domains);
        asked.extend(rules(search, Side::New, ClauseKind::Precondition, &mut domains));
        let mut promised = |side: Side| {
            let mut given = asked.clone();
            given.extend(rules(search, side, ClauseKind::Postcondition, &mut domains));
            given.extend(rules(search, side, ClauseKind::Invariant, &mut domains));
            for exception in &search.of(side).exceptions {
                if let Some((when, _)) = &exception.when {
                    given.push(normal(search, side, when, false, &mut domains));
                }
            }
            given
        };
        let (old, new) = (promised(Side::Old), promised(Side::New));
        Given { old, new, domains }
    }
}

fn rules(search: &Search<'_>, side: Side, kind: ClauseKind, domains: &mut Domains) -> Vec<Normal> {
    let clauses = search.of(side).clauses.iter().filter(|clause| clause.source.kind == kind);
    let expressions = clauses.filter_map(|clause| match &clause.rule {
        Rule::Expression { expr, .. } => Some(expr),
        _ => None,
    });
    expressions.map(|expr| normal(search, side, expr, true, domains)).collect()
}

/// The normal form of a rule of one side. A property of the input that the old contract does not know is absent, for its
/// callers do not send it; one of the result that the new one does not know likewise, for it is not given.
pub(crate) fn normal(
    search: &Search<'_>,
    side: Side,
    rule: &TypedExpr,
    positive: bool,
    domains: &mut Domains,
) -> Normal {
    let absent = |path: &Path| {
        let knows = if path.output { search.new } else { search.old };
        places::unknown_step(knows, path).is_some()
    };
    let (of, other) = (search.of(side), search.of(side.other()));
    let mut normalizer = Normalizer::between(&of.schemas, &other.schemas, &absent);
    let normal = normalizer.rule(rule, positive);
    domains.join(normalizer.domains);
    normal
}

struct Judge<'s, 'c> {
    search: &'s Search<'c>,
    before: Given,
    after: Given,
}

impl Judge<'_, '_> {
    fn clause(&self, old: Option<&CheckedClause>, new: Option<&CheckedClause>) -> Change {
        let text = |clause: &CheckedClause| clause.source.rule.value.clone();
        let mut change = match (old, new) {
            (Some(old), Some(new)) => self.changed(old, new),
            (None, Some(new)) => self.added(new),
            (Some(old), None) => self.removed(old),
            (None, None) => Change::new("", Judgement::Identical, ""),
        };
        let (was, is) = (old.map(text), new.map(text));
        if was != is {
            change = change.between(was, is);
        } else {
            change.new = is;
        }
        let id = |clause: &CheckedClause| clause.source.id.as_ref().map(|id| id.value.clone());
        change.id = new.and_then(id).or_else(|| old.and_then(id));
        change
    }

    fn added(&self, new: &CheckedClause) -> Change {
        let place = place(new);
        let Rule::Expression { expr, .. } = &new.rule else {
            return Change::new(place, Judgement::Compatible, "added").why("one promise more");
        };
        if is_before(new) {
            return self.asks(Change::new(place, Judgement::NotDecided, "added"), expr, new);
        }
        if self.proves_after(Side::Old, Side::New, expr) {
            return Change::new(place, Judgement::Text, "added")
                .why("it follows from what the old contract promises");
        }
        Change::new(place, Judgement::Compatible, "added")
            .why("one promise more")
            .example(self.result_against(Side::Old, new, expr))
    }

    fn removed(&self, old: &CheckedClause) -> Change {
        let place = format!("{} of the old contract", place(old));
        let Rule::Expression { expr, .. } = &old.rule else {
            return Change::new(place, Judgement::Breaking, "removed")
                .why("a promise in words is taken back");
        };
        if is_before(old) {
            return self.no_longer_asked(Change::new(place, Judgement::Compatible, "removed"), expr, old);
        }
        self.promises(Change::new(place, Judgement::NotDecided, "removed"), expr, old)
    }

    fn changed(&self, old: &CheckedClause, new: &CheckedClause) -> Change {
        let mut change = match (&old.rule, &new.rule) {
            (Rule::Expression { expr: was, .. }, Rule::Expression { expr: is, .. }) => {
                self.expressions(old, was, new, is)
            }
            _ if old.source.rule.value == new.source.rule.value && old.is_prose() == new.is_prose() => {
                Change::new(place(new), Judgement::Identical, "identical")
            }
            (Rule::Expression { expr, .. }, _) => {
                self.promises(Change::new(place(new), Judgement::NotDecided, "changed to words"), expr, old)
            }
            (_, Rule::Expression { .. }) => {
                Change::new(place(new), Judgement::NotDecided, "changed from words")
                    .why("what words promise is decided by their function alone")
            }
            _ => Change::new(place(new), Judgement::NotDecided, "changed")
                .why("what words promise is decided by their function alone"),
        };
        let mut notes = Vec::new();
        let at_least = |change: &mut Change, judgement: Judgement| {
            change.judgement = change.judgement.max(judgement);
        };
        if old.source.kind != new.source.kind || old.source.index != new.source.index {
            at_least(&mut change, Judgement::Text);
            notes.push(format!("moved from {}", place(old)));
        }
        let text = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
        match (text(&old.source.id), text(&new.source.id)) {
            (was, is) if was == is => {}
            (None, Some(_)) => {
                at_least(&mut change, Judgement::Text);
                notes.push("given an id".to_owned());
            }
            (Some(was), None) => {
                at_least(&mut change, Judgement::Compatible);
                notes.push(format!("no longer called `{was}`"));
            }
            (was, is) => {
                at_least(&mut change, Judgement::Compatible);
                notes.push(format!(
                    "renamed from `{}` to `{}`",
                    was.unwrap_or_default(),
                    is.unwrap_or_default()
                ));
            }
        }
        for (name, was, is) in [
            ("message", &old.source.message, &new.source.message),
            ("reason", &old.source.reason, &new.source.reason),
        ] {
            if text(was) != text(is) {
                at_least(&mut change, Judgement::Text);
                notes.push(format!("its {name} changed"));
            }
        }
        if !notes.is_empty() {
            let notes = notes.join(", ");
            change.what =
                if change.what == "identical" { notes } else { format!("{}; {notes}", change.what) };
        }
        change
    }

    fn expressions(
        &self,
        old: &CheckedClause,
        was: &TypedExpr,
        new: &CheckedClause,
        is: &TypedExpr,
    ) -> Change {
        let normal =
            |contract: &Contract, rule: &TypedExpr| Normalizer::new(&contract.schemas).rule(rule, true);
        let place = place(new);
        if normal(self.search.old, was) == normal(self.search.new, is) {
            return if old.source.rule.value == new.source.rule.value {
                Change::new(place, Judgement::Identical, "identical")
            } else {
                Change::new(place, Judgement::Text, "the same in other words")
            };
        }
        let weaker_or_stronger = |change: Change, stronger: &str, weaker: &str| {
            let what = match change.judgement {
                Judgement::Breaking if change.what == "changed" => stronger,
                Judgement::Compatible if change.what == "changed" => weaker,
                Judgement::Text => "the same in other words",
                _ => return change,
            };
            Change { what: what.to_owned(), ..change }
        };
        if is_before(new) {
            let asked = self.asks(Change::new(place, Judgement::NotDecided, "changed"), is, new);
            if asked.judgement == Judgement::Breaking || asked.judgement == Judgement::NotDecided {
                return weaker_or_stronger(asked, "asks for more", "asks for less");
            }
            let less = self.no_longer_asked(Change { judgement: Judgement::Compatible, ..asked }, was, old);
            return weaker_or_stronger(less, "asks for more", "asks for less");
        }
        let promised = self.promises(Change::new(place, Judgement::NotDecided, "changed"), was, old);
        if promised.judgement == Judgement::Breaking || promised.judgement == Judgement::NotDecided {
            return weaker_or_stronger(promised, "promises less", "promises more");
        }
        if self.proves_after(Side::Old, Side::New, is) {
            return Change {
                what: "the same in other words".into(),
                judgement: Judgement::Text,
                why: None,
                ..promised
            };
        }
        let example = self.result_against(Side::Old, new, is);
        let more = Change { judgement: Judgement::Compatible, why: None, ..promised }.example(example);
        weaker_or_stronger(more, "promises less", "promises more")
    }

    /// Whether inputs that the old contract accepts are refused by a rule of the new one.
    fn asks(&self, change: Change, rule: &TypedExpr, clause: &CheckedClause) -> Change {
        let search = self.search;
        if let Some(name) = self.reads_what_is_new(rule, false) {
            return Change { judgement: Judgement::Breaking, ..change }
                .why(format!("it reads `{name}`, which callers of the old contract do not send"));
        }
        let mut domains = self.before.domains.clone();
        let goal = normal(search, Side::New, rule, true, &mut domains);
        if search.may_work() && follows(&self.before.old, &goal, &domains) {
            return Change { judgement: Judgement::Text, ..change }
                .why("it follows from what the old contract asks for");
        }
        let example = self.input_against(Side::Old, clause, rule);
        match example {
            Some(example) => Change { judgement: Judgement::Breaking, ..change }.example(Some(example)),
            None => Change { judgement: Judgement::NotDecided, ..change }
                .why("neither a proof nor an input that only the old contract accepts was found"),
        }
    }

    /// An old rule that the new contract no longer has: compatible, and of interest whether anything became of it.
    fn no_longer_asked(&self, change: Change, rule: &TypedExpr, clause: &CheckedClause) -> Change {
        let mut domains = self.before.domains.clone();
        let goal = normal(self.search, Side::Old, rule, true, &mut domains);
        if self.search.may_work() && follows(&self.before.new, &goal, &domains) {
            return Change { judgement: Judgement::Text, ..change }
                .why("it follows from what the new contract asks for");
        }
        let example = self.input_against(Side::New, clause, rule);
        Change { judgement: Judgement::Compatible, why: None, ..change }.example(example)
    }

    /// Whether results that the new contract admits are against a rule of the old one.
    fn promises(&self, change: Change, rule: &TypedExpr, clause: &CheckedClause) -> Change {
        if let Some(name) = self.reads_what_is_new(rule, true) {
            return Change { judgement: Judgement::Breaking, ..change }
                .why(format!("it reads `{name}`, which the new contract does not give"));
        }
        if self.proves_after(Side::New, Side::Old, rule) {
            return Change { judgement: Judgement::Text, ..change }
                .why("it follows from what the new contract promises");
        }
        let Some(example) = self.result_against(Side::New, clause, rule) else {
            return Change { judgement: Judgement::NotDecided, ..change }
                .why("neither a proof nor a result that only the new contract admits was found");
        };
        let words = |contract: &Contract| -> Vec<String> {
            let prose = contract.clauses.iter().filter(|clause| clause.is_prose());
            prose.map(|clause| clause.source.rule.value.clone()).collect()
        };
        let known = words(self.search.old);
        if words(self.search.new).iter().any(|prose| !known.contains(prose)) {
            return Change { judgement: Judgement::NotDecided, ..change }
                .why("the new contract has words that may exclude this result, which their function alone decides")
                .example(Some(example));
        }
        Change { judgement: Judgement::Breaking, ..change }.example(Some(example))
    }

    /// Whether a rule of `of` follows from all that `given` promises of a call.
    fn proves_after(&self, given: Side, of: Side, rule: &TypedExpr) -> bool {
        let mut domains = self.after.domains.clone();
        let goal = normal(self.search, of, rule, true, &mut domains);
        let given = if given == Side::Old { &self.after.old } else { &self.after.new };
        self.search.may_work() && follows(given, &goal, &domains)
    }

    /// An input that `giver` accepts and this rule of the other contract does not.
    fn input_against(&self, giver: Side, clause: &CheckedClause, rule: &TypedExpr) -> Option<Example> {
        let bare = messageless(clause);
        let other = self.search.of(giver.other());
        self.search.input(giver, &[broken(other, rule)], false, &|input| {
            other.check_input(input).ok()?;
            let scope = Scope { input: input.into(), output: None, types: &other.schemas.types };
            bare.verdict(scope, FoundBy::Host).err().map(|violation| violation.message)
        })
    }

    /// An input and a result that `giver` accepts and this rule of the other contract does not.
    fn result_against(&self, giver: Side, clause: &CheckedClause, rule: &TypedExpr) -> Option<Example> {
        let bare = messageless(clause);
        let other = self.search.of(giver.other());
        self.search.call(giver, &[broken(other, rule)], &|call| {
            let output = call.output.as_ref()?;
            other.check_output(output, FoundBy::Host).ok()?;
            let scope = Scope {
                input: (&call.input).into(),
                output: Some(output.into()),
                types: &other.schemas.types,
            };
            bare.verdict(scope, FoundBy::Host).err().map(|violation| violation.message)
        })
    }

    /// A property that this rule reads, that its contract requires and the other one does not know: for a result, one
    /// that is no longer given; else one of the input that was not sent.
    fn reads_what_is_new(&self, rule: &TypedExpr, output: bool) -> Option<String> {
        let (reader, other) = match output {
            true => (self.search.old, self.search.new),
            false => (self.search.new, self.search.old),
        };
        reads(rule).into_iter().filter(|path| path.output == output).find_map(|path| {
            let unknown = places::unknown_step(other, &path)?;
            let known = Path { steps: path.steps[..=unknown].to_vec(), ..path };
            places::is_required(reader, &known).then(|| places::shown(&known))
        })
    }
}

/// The clause without its author's message, so that what it says names the rule.
fn messageless(clause: &CheckedClause) -> CheckedClause {
    let mut bare = clause.clone();
    bare.source.message = None;
    bare.message = None;
    bare
}

fn place(clause: &CheckedClause) -> String {
    format!("{} {}", clause.source.kind.as_str(), clause.source.index)
}
