//! A way as text, as Mermaid's flowchart and as SVG.

use std::fmt::Write;

use super::way::{Station, Way};
use crate::drawing::column;
use crate::drawing::svg::{self, Node};

impl Way {
    /// One station after the other: what it asks, where that is written, and the answers that end the way.
    pub fn text(&self) -> String {
        let width = self.stations.iter().map(|station| station.name.len());
        let width = width.max().unwrap_or_default();
        let mut text = format!("{}\n", self.request);
        for (number, station) in self.stations.iter().enumerate() {
            let (first, rest) = match station.what.split_first() {
                Some((first, rest)) => (first.as_str(), rest),
                None => ("", &[][..]),
            };
            let _ = writeln!(text, "{:>2}. {:width$}  {first}", number + 1, station.name);
            for line in rest {
                let _ = writeln!(text, "    {:width$}  {line}", "");
            }
            if let Some(place) = &station.place {
                let _ = writeln!(text, "    {:width$}  {place}", "");
            }
            if !station.exits.is_empty() {
                let exits = station.exits.join("; ");
                let _ = writeln!(text, "    {:width$}  or: {exits}", "");
            }
        }
        text
    }

    /// Mermaid's flowchart (<https://mermaid.js.org/syntax/flowchart.html>).
    pub fn mermaid(&self) -> String {
        let mut text = format!(
            "flowchart TB\n    request([\"{}\"]) --> s1\n",
            escape(&self.request)
        );
        for (number, station) in self.stations.iter().enumerate() {
            let number = number + 1;
            let lines = lines(station);
            let words = [format!("<b>{}</b>", station.name)]
                .into_iter()
                .chain(lines.iter().map(|line| escape(line)));
            let words = words.collect::<Vec<_>>().join("<br>");
            let _ = writeln!(text, "    s{number}[\"{words}\"]");
            if number > 1 {
                let _ = writeln!(text, "    s{} --> s{number}", number - 1);
            }
            if !station.exits.is_empty() {
                let exits = station.exits.iter().map(|exit| escape(exit));
                let exits = exits.collect::<Vec<_>>().join("<br>");
                let _ = writeln!(text, "    s{number} -.-> e{number}([\"{exits}\"])");
            }
        }
        text
    }

    pub fn svg(&self) -> String {
        let step = |station: &Station| Node {
            title: station.name.to_owned(),
            lines: lines(station)
                .into_iter()
                .map(|line| (line, String::new()))
                .collect(),
            ..Node::default()
        };
        let exit = |station: &Station| {
            let (first, rest) = station.exits.split_first()?;
            Some(Node {
                title: (*first).to_owned(),
                lines: rest
                    .iter()
                    .map(|exit| ((*exit).to_owned(), String::new()))
                    .collect(),
                class: "exit",
                ..Node::default()
            })
        };
        let mut steps: Vec<_> = self.stations.iter().map(step).collect();
        let mut exits: Vec<_> = self.stations.iter().map(exit).collect();
        let arrows = column::arrange(&mut steps, &mut exits);
        steps.extend(exits.into_iter().flatten());
        let title = format!("The way of {}", self.request);
        svg::write(&title, &steps, &arrows)
    }
}

/// The lines below a station's name.
fn lines(station: &Station) -> Vec<String> {
    let what = station.what.iter().cloned();
    what.chain(station.place.clone()).collect()
}

/// A text within quotes of Mermaid's, which knows the names of HTML without `&`.
fn escape(text: &str) -> String {
    text.replace('#', "#35;")
        .replace('"', "#quot;")
        .replace('<', "#lt;")
        .replace('>', "#gt;")
}
