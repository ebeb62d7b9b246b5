//! A report as a person reads it in the terminal (spec TEST-8, TEST-23, TEST-31, TEST-40).

use super::report::{
    CaseReport, CostReport, GeneratedReport, PackageReport, Status, TestReport, counted, lack, times,
};
use crate::cases::{diff, record};
use crate::exit::Exit;
use crate::report::{Report, Screen, Style, grouped, printable, printable_line};
use serde_json::Value;
use traverse_contract::outcome::ViolationKind;

impl Report for TestReport {
    fn render_human(&self, screen: &mut Screen) {
        for package in &self.packages {
            if self.many {
                let name = format!("{} {}", printable_line(&package.id), printable_line(&package.version));
                screen.line(screen.paint(Style::Strong, name.trim()));
            }
            package.render(screen);
            if self.many {
                screen.line("");
            }
        }
        if self.many {
            self.render_summary(screen);
        }
    }

    fn exit(&self) -> Exit {
        let stopped = self.packages.iter().filter_map(|package| package.error.as_ref());
        match stopped.map(|error| error.exit).max_by_key(|exit| *exit as u8) {
            Some(exit) => exit,
            None if !self.unwritten && self.packages.iter().all(PackageReport::is_well) => Exit::Success,
            None => Exit::Failure,
        }
    }
}

impl TestReport {
    fn render_summary(&self, screen: &mut Screen) {
        let width = self.packages.iter().map(|package| package.id.chars().count()).max().unwrap_or(0);
        for package in &self.packages {
            let name = format!("{:width$}", printable_line(&package.id));
            let (style, word) =
                if package.is_well() { (Style::Good, "    ok") } else { (Style::Bad, "FAILED") };
            let what = match &package.error {
                Some(error) => format!("{}: {}", error.code, printable_line(&error.message)),
                None => {
                    let faults = package.faults().len();
                    let drawn = package.generated.as_ref().map_or(0, |generated| generated.inputs);
                    format!(
                        "{} of {} cases, {} inputs drawn, {}",
                        package.passed,
                        package.passed + package.failed,
                        grouped(drawn),
                        counted(faults, "fault")
                    )
                }
            };
            screen.line(format!("{}  {name}  {what}", screen.paint(style, word)));
        }
        let well = self.packages.iter().filter(|package| package.is_well()).count();
        let (style, word) =
            if well == self.packages.len() { (Style::Good, "ok") } else { (Style::Bad, "FAILED") };
        screen.line(format!(
            "{}: {} of {} passed",
            screen.paint(style, word),
            well,
            counted(self.packages.len(), "package")
        ));
    }
}

impl PackageReport {
    fn render(&self, screen: &mut Screen) {
        if let Some(error) = &self.error {
            error.told.lines().for_each(|line| screen.line(line));
            return;
        }
        self.cases.iter().for_each(|case| self.render_case(case, screen));
        let shows_difference =
            |case: &CaseReport| (case.status == Status::Failed || case.accepted) && case.differs.is_some();
        if self.cases.iter().any(shows_difference) {
            screen.line(format!(
                "        {} expected, {} found",
                screen.paint(Style::Good, "-"),
                screen.paint(Style::Bad, "+")
            ));
        }
        if let Some(generated) = &self.generated {
            self.render_generated(generated, screen);
        }
        if self.generated.is_some() || self.gated {
            self.render_coverage(screen);
            self.render_costs(screen);
        }
        self.render_rises(screen);
        if let Some(mutation) = &self.mutation {
            mutation.render(screen);
        }
        self.render_verdict(screen);
    }

    fn render_case(&self, case: &CaseReport, screen: &mut Screen) {
        let name = printable_line(&case.name);
        if case.status == Status::Passed && !case.accepted {
            screen.line(format!("{}  {name}", screen.paint(Style::Good, "    ok")));
            return;
        }
        let place = screen.paint(Style::Faint, format!("({}:{})", printable_line(&case.file), case.line));
        if case.accepted {
            screen.line(format!("{}  {name} {place}", screen.paint(Style::Warn, "accept")));
        } else {
            screen.line(format!("{}  {name} {place}", screen.paint(Style::Bad, "FAILED")));
        }
        if let Some((expected, found)) = &case.differs {
            // What no file says is not a difference.
            let lines = diff::lines(expected, found).into_iter();
            for line in lines.filter(|line| !(expected.is_null() && line.sign == '-')) {
                let text = format!("        {} {}", line.sign, printable(&line.text));
                screen.line(match line.sign {
                    '-' => screen.paint(Style::Good, text),
                    '+' => screen.paint(Style::Bad, text),
                    _ => text,
                });
            }
        }
        if let Some(fault) = &case.fault
            && fault.outcome.is_none()
        {
            screen.line(format!("        {}", printable(&fault.message)));
            for note in &fault.notes {
                screen.line(format!("          = note: {}", printable(note)));
            }
        }
        if let (Some((input, outcome)), Some(explainer)) = (&case.call, &self.explainer) {
            screen.lines_from("        ", |aside| explainer.render(outcome, input.as_bytes(), aside));
        }
    }

    fn render_generated(&self, generated: &GeneratedReport, screen: &mut Screen) {
        let ways = if self.native { "host, module, native program" } else { "host, module" };
        screen.line(format!(
            "drawn     {} inputs, {} of them admitted, in {:.1} s with seed {} ({ways})",
            grouped(generated.inputs),
            grouped(generated.admitted),
            generated.seconds,
            generated.seed
        ));
        if generated.stateful > 0 {
            screen.line(format!(
                "          {} came out otherwise natively after other calls: a static keeps something, which a module \
                 forgets after each call",
                counted(generated.stateful as usize, "input")
            ));
        }
        if generated.known > 0 {
            screen.line(format!(
                "          {} of them show a fault that a case above shows",
                grouped(generated.known)
            ));
        }
        if generated.rounded > 0 {
            screen.line(format!(
                "          {} came out with other last digits of a number natively: sine, exponents and the like are not \
                 the same library's",
                counted(generated.rounded as usize, "input")
            ));
        }
        for fault in &generated.faults {
            screen.line("");
            let headline = match (&fault.explained, &self.explainer) {
                (Some(_), Some(_)) => None,
                _ => Some(&fault.message),
            };
            let word = screen.paint(Style::Bad, "FAULT");
            let kind = serde_json::to_value(fault.kind).unwrap_or_default();
            let kind = kind.as_str().unwrap_or_default();
            match headline {
                Some(message) => screen.line(format!("{word}   {kind}: {}", printable(message))),
                None => screen.line(format!("{word}   {kind}")),
            }
            if let (Some(outcome), Some(explainer)) = (&fault.explained, &self.explainer) {
                let input = fault.input.to_string();
                screen.lines_from("        ", |aside| explainer.render(outcome, input.as_bytes(), aside));
            }
            for note in &fault.notes {
                screen.line(format!("          = note: {}", printable(note)));
            }
            screen.line("        the smallest input found, as a case:");
            let case = record::holding(&fault.input, &fault.message);
            for line in case.lines() {
                screen.line(format!("          {}", printable(line)));
            }
            match (&fault.kept, &fault.unkept) {
                (Some(file), _) => screen.line(format!("        kept as {file}")),
                (None, Some(reason)) => screen.line(format!("        not kept: {}", printable(reason))),
                (None, None) => {}
            }
        }
        if !generated.faults.is_empty() {
            screen.line("");
        }
    }

    fn render_coverage(&self, screen: &mut Screen) {
        let coverage = &self.coverage;
        if coverage.clauses.is_empty() && coverage.exceptions.is_empty() {
            return;
        }
        screen.line("clauses   true / false by cases, then by drawn inputs");
        for clause in &coverage.clauses {
            let kind = match clause.clause.kind {
                ViolationKind::Precondition => "pre",
                ViolationKind::Postcondition | ViolationKind::OutputSchema => "post",
                ViolationKind::Invariant => "inv",
            };
            let rule = shortened(&clause.clause.rule, 46);
            let mut line = format!(
                "  {kind:<4} {:>2}  {rule:<46}  {:>11} {:>17}",
                clause.clause.index,
                times(clause.case),
                times(clause.generated),
            );
            if let Some(word) = lack(clause) {
                line.push_str("  ");
                line.push_str(&screen.paint(Style::Warn, word));
            }
            screen.line(line);
        }
        for exception in &coverage.exceptions {
            let mut line = format!(
                "  raises   {:<46}  {:>11} {:>17}",
                shortened(&exception.name, 46),
                grouped(exception.case),
                grouped(exception.generated)
            );
            if exception.case + exception.generated == 0 {
                line.push_str("  ");
                line.push_str(&screen.paint(Style::Warn, "never raised"));
            }
            screen.line(line);
        }
        let unseen: Vec<String> = coverage
            .enums
            .iter()
            .filter(|member| member.case + member.generated == 0)
            .map(|member| format!("{} of {}", Value::from(member.member.as_str()), member.at))
            .collect();
        if !unseen.is_empty() {
            const SHOWN: usize = 12;
            let word = screen.paint(Style::Warn, "never seen");
            let more = unseen.len().saturating_sub(SHOWN);
            let mut unseen = unseen[..unseen.len().min(SHOWN)].to_vec();
            unseen.extend((more > 0).then(|| format!("and {more} more")));
            screen.line(format!("  {word}: {}", printable_line(&unseen.join(", "))));
        }
    }

    fn render_costs(&self, screen: &mut Screen) {
        let CostReport { most, stopped, limits, targets } = &self.costs;
        let at = if targets.is_empty() { String::new() } else { format!(" at {}", targets.join(", ")) };
        let part = |used: u64, limit: u64| {
            let percent = used as f64 * 100.0 / limit.max(1) as f64;
            match percent {
                0.0 => "0 %".to_owned(),
                ..0.1 => "under 0.1 %".to_owned(),
                ..10.0 => format!("{percent:.1} %"),
                _ => format!("{percent:.0} %"),
            }
        };
        screen.line(format!(
            "costs     at most {} fuel ({} of what is allowed{at}), {} KiB of memory ({}), {} bytes of result ({})",
            grouped(most.fuel),
            part(most.fuel, limits.fuel),
            grouped(most.memory_bytes / 1024),
            part(most.memory_bytes, limits.memory_bytes),
            grouped(most.output_bytes),
            part(most.output_bytes, limits.output_bytes),
        ));
        if *stopped > 0 {
            screen.line(format!(
                "          apart from {} that were stopped",
                counted(*stopped as usize, "call")
            ));
        }
    }

    fn render_rises(&self, screen: &mut Screen) {
        for rise in self.cases.iter().flat_map(|case| &case.rises) {
            let word = screen.paint(Style::Warn, "dearer");
            screen.line(format!(
                "  {word}: `{}` takes {} {}, and took {} when its cost was recorded",
                printable_line(&rise.case),
                grouped(rise.to),
                rise.what,
                grouped(rise.from)
            ));
        }
    }

    fn render_verdict(&self, screen: &mut Screen) {
        let filtered = match self.filtered_out {
            0 => String::new(),
            count => format!(", {count} filtered out"),
        };
        let faults = match self.faults().len() {
            0 => String::new(),
            count => format!(", {} found", counted(count, "fault")),
        };
        let uncovered = if self.uncovered { ", clause coverage is not whole" } else { "" };
        let (style, verdict) = if self.is_well() { (Style::Good, "ok") } else { (Style::Bad, "FAILED") };
        screen.line(format!(
            "{}: {} passed, {} failed{filtered}{faults}{uncovered}",
            screen.paint(style, verdict),
            self.passed,
            self.failed
        ));
    }
}

fn shortened(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = printable(&text);
    if text.chars().count() <= most {
        return text;
    }
    let mut short: String = text.chars().take(most - 1).collect();
    short.push('…');
    short
}
