//! What inference has to say when it is done: types that stay open, and names that are likely slips of each other.

use super::{Field, Inference, Kind, Node, NodeId};
use crate::diagnostic::Diagnostic;
use crate::lang::check::Names;

/// A field or element without a type.
struct Open {
    node: NodeId,
    /// The slip of the keyboard that likely made it.
    slip: Option<Slip>,
    /// What must hold for it to be there: `has(coupon)`, `size(zones) > 0`.
    guards: Vec<String>,
}

/// Two properties of one object whose names are one slip apart.
#[derive(Debug, Clone)]
struct Slip {
    /// The one that is likely misspelt.
    wrong: NodeId,
    /// The one that was likely meant, and its name.
    right: NodeId,
    meant: String,
}

impl Inference<'_> {
    /// Reports what stays open and what is likely misspelt in the parts that are inferred.
    pub(super) fn report(&mut self, input: bool, output: bool) {
        let roots = [(input, self.input), (output, self.output)];
        let roots = roots.into_iter().filter_map(|(inferred, root)| inferred.then_some(root));
        let mut open = Vec::new();
        for root in roots.clone() {
            self.collect_open(root, None, &mut Vec::new(), &mut open);
        }
        let mut told = Vec::new();
        self.report_open(open, &mut told);
        for root in roots {
            self.report_similar(root, &told);
        }
        if input {
            self.report_near_root();
        }
    }

    fn collect_open(&self, node: NodeId, slip: Option<Slip>, guards: &mut Vec<String>, open: &mut Vec<Open>) {
        let before = guards.len();
        let this = &self.nodes[node];
        match &this.kind {
            Kind::Object(fields) => {
                // What is open beneath the well-spelt name is open for another reason.
                let inherited = slip.filter(|slip| slip.right != node);
                for (index, field) in fields.iter().enumerate() {
                    if let (true, Some(path)) = (field.optional, &self.nodes[field.node].path) {
                        guards.push(format!("has({path})"));
                    }
                    let slip = self.slip(fields, index).or_else(|| inherited.clone());
                    self.collect_open(field.node, slip, guards, open);
                    guards.truncate(before);
                }
            }
            Kind::List(item) => {
                guards.extend(this.path.as_ref().map(|path| format!("size({path}) > 0")));
                self.collect_open(*item, slip, guards, open);
                guards.truncate(before);
            }
            Kind::Map(value) => {
                let key = self.nodes[*value].path.as_deref().zip(this.path.as_deref());
                let key = key
                    .and_then(|(value, map)| value.strip_prefix(map)?.strip_prefix('[')?.strip_suffix(']'));
                guards.extend(key.zip(this.path.as_ref()).map(|(key, path)| format!("{key} in {path}")));
                self.collect_open(*value, slip, guards, open);
                guards.truncate(before);
            }
            Kind::Unknown if !this.failed && this.path.is_some() && this.mention.is_some() => {
                open.push(Open { node, slip, guards: guards.clone() });
            }
            _ => {}
        }
    }

    /// One error for each group of open fields that one clause would settle, and one for each slip: what the rules
    /// relate, as in `zone in zones`, is of one type.
    fn report_open(&mut self, mut open: Vec<Open>, told: &mut Vec<(NodeId, NodeId)>) {
        let groups = self.groups();
        // The field that needs no guard says it shortest.
        open.sort_by_key(|open| (open.slip.is_none(), open.guards.len()));
        let mut reported = Vec::new();
        for Open { node, slip, guards } in open {
            if reported.contains(&groups[node]) {
                continue;
            }
            reported.push(groups[node]);
            let Node { path: Some(path), mention: Some(mention), sized, .. } = &self.nodes[node] else {
                continue;
            };
            let error = Diagnostic::error("lang-open-type", format!("no clause tells the type of `{path}`"));
            let place = self.file(*mention);
            let error = match slip {
                Some(Slip { wrong, right, .. }) if told.contains(&(wrong, right)) => continue,
                Some(Slip { wrong, right, meant }) => {
                    told.push((wrong, right));
                    let error = match self.nodes[wrong].mention {
                        Some(wrong_place) if wrong != node => error
                            .at(self.file(wrong_place), "read as another property")
                            .also(place, "its type stays open"),
                        _ => error.at(place, "its type stays open"),
                    };
                    error.help(format!("did you mean `{meant}`?"))
                }
                None => {
                    let clause = match guards.as_slice() {
                        [] => format!("{path} is string"),
                        guards => format!("{} implies {path} is string", guards.join(" and ")),
                    };
                    let section = section(path);
                    let help = match sized {
                        true => {
                            format!("`size` takes text and lists: write `{clause}`, or `{section}`")
                        }
                        false => format!("say what it is, for example `{clause}`, or write `{section}`"),
                    };
                    error.at(place, "its type stays open").help(help)
                }
            };
            self.errors.push(error);
        }
    }

    /// For each node the group that it is in: nodes without a type that a relation links have the same one.
    fn groups(&self) -> Vec<NodeId> {
        let mut groups: Vec<NodeId> = (0..self.nodes.len()).collect();
        let root = |groups: &mut Vec<NodeId>, mut node: NodeId| {
            while groups[node] != node {
                groups[node] = groups[groups[node]];
                node = groups[node];
            }
            node
        };
        for relation in &self.relations {
            let linked = [relation.left, relation.right];
            if linked.iter().all(|&node| self.nodes[node].kind == Kind::Unknown) {
                let [left, right] = linked.map(|node| root(&mut groups, node));
                groups[left.max(right)] = left.min(right);
            }
        }
        (0..groups.len()).map(|node| root(&mut groups, node)).collect()
    }

    /// The first other field whose name is one slip from that of `fields[index]`.
    fn slip(&self, fields: &[Field], index: usize) -> Option<Slip> {
        let field = &fields[index];
        let other = fields.iter().position(|other| is_slip(&other.name, &field.name))?;
        let (earlier, later) = (&fields[index.min(other)], &fields[index.max(other)]);
        // The rarer name is the slip; where that does not tell, the one that came later.
        let (wrong, right) = match self.uses(&earlier.name) < self.uses(&later.name) {
            true => (earlier, later),
            false => (later, earlier),
        };
        Some(Slip { wrong: wrong.node, right: right.node, meant: right.name.clone() })
    }

    /// How often the rules mention a property of this name, in whatever object.
    fn uses(&self, name: &str) -> usize {
        let fields = self.nodes.iter().filter_map(|node| match &node.kind {
            Kind::Object(fields) => fields.iter().find(|field| field.name == name),
            _ => None,
        });
        fields.map(|field| self.nodes[field.node].mentions).sum()
    }

    /// Warns of two names in one object that are likely meant to be one: where nothing is written, a slip of the
    /// keyboard is a new property. `told` are pairs of which an error speaks already.
    fn report_similar(&mut self, node: NodeId, told: &[(NodeId, NodeId)]) {
        let fields = match self.nodes[node].kind.clone() {
            Kind::Object(fields) => fields,
            Kind::List(item) | Kind::Map(item) => return self.report_similar(item, told),
            _ => return,
        };
        for (index, field) in fields.iter().enumerate() {
            self.report_similar(field.node, told);
            // Each pair once, where its second name stands.
            let Some(earlier) = fields[..index].iter().find(|earlier| is_slip(&earlier.name, &field.name))
            else {
                continue;
            };
            let Some(Slip { wrong, right, .. }) = self.slip(&[earlier.clone(), field.clone()], 1) else {
                continue;
            };
            let (Some(place), Some(other)) = (self.nodes[wrong].mention, self.nodes[right].mention) else {
                continue;
            };
            if told.contains(&(wrong, right)) {
                continue;
            }
            let message = format!("`{}` and `{}` are read as two properties", earlier.name, field.name);
            self.errors.push(
                Diagnostic::warning("lang-similar-names", message)
                    .at(self.file(place), "first mentioned here")
                    .also(self.file(other), "first mentioned here")
                    .help("if one is misspelt, correct it; a written schema tells every such slip"),
            );
        }
    }

    /// Warns of inferred properties of the input whose names are one slip from `result`, `output` or `input`.
    fn report_near_root(&mut self) {
        let Kind::Object(fields) = self.nodes[self.input].kind.clone() else { return };
        for field in fields {
            let Some(mention) = self.nodes[field.node].mention else { continue };
            let after = self.rules[mention.rule].names == Names::After;
            let near = ["result", "output", "input"].into_iter().find(|root| {
                // A plural is a good name for a property, unless only clauses about the result speak of it.
                let plural = field.name.strip_suffix('s') == Some(root);
                field.name.len() <= 8
                    && (!plural || after)
                    && strsim::damerau_levenshtein(&field.name, root) == 1
            });
            let Some(near) = near else { continue };
            let message = format!("`{}` is read as a property of the input", field.name);
            self.errors.push(
                Diagnostic::warning("lang-similar-names", message)
                    .at(self.file(mention), "first mentioned here")
                    .help(format!("did you mean `{near}`? if not, write `[input]`")),
            );
        }
    }
}

/// The section of the spec in which the field at `path` can be written.
pub(super) fn section(path: &str) -> &'static str {
    let root = path.split(['.', '[']).next();
    if root == Some("result") { "[output]" } else { "[input]" }
}

/// Whether two names differ by one slip, and not in a way that tells two things apart.
fn is_slip(left: &str, right: &str) -> bool {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let plural = long.strip_suffix('s') == Some(short);
    let without_digits = |name: &str| name.chars().filter(|char| !char.is_ascii_digit()).collect::<String>();
    // The distance takes quadratic time, and nobody mistypes something this long by accident.
    (4..=64).contains(&short.len())
        && long.len() - short.len() <= 1
        && !plural
        && without_digits(left) != without_digits(right)
        && strsim::damerau_levenshtein(left, right) == 1
}
