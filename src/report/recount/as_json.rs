//! What came of a filled pack, for machines.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use super::pack::RecountPack;
use super::tally::{ListTally, Recount, RowTally};
use crate::model::Amount;

/// What came of a filled pack, for machines: fractions as numbers, `null` where nothing was looked up or an interval would say
/// nothing.
pub fn recount_json(pack: &RecountPack, recount: &Recount) -> Value {
    let rows = |rows: &RowTally| {
        json!({
            "population": rows.population, "drawn": rows.drawn, "filled": rows.filled, "found": rows.found,
            "share": rows.share().map(number),
            "interval": rows.interval.map(|[low, high]| json!({ "from": number(low), "to": number(high) })),
        })
    };
    let lists = |lists: &ListTally| {
        json!({
            "drawn": lists.drawn, "filled": lists.filled, "counted": decimal(lists.counted), "reported": decimal(lists.in_data),
            "factor": lists.factor().map(number),
        })
    };
    let indicators = recount.indicators.iter().map(|(code, of_rows, of_lists)| {
        let of_rows = (of_rows.drawn > 0).then(|| rows(of_rows));
        json!({ "code": code, "rows": of_rows, "lists": of_lists.as_ref().map(lists) })
    });
    json!({
        "schema": 1, "project": pack.project, "report": pack.report, "period": pack.period, "seed": pack.seed,
        "indicators": indicators.collect::<Vec<_>>(), "all_lists": recount.all_lists.as_ref().map(lists),
    })
}

fn number(amount: Amount) -> Value {
    decimal(amount.from)
}

fn decimal(value: Decimal) -> Value {
    match value.normalize() {
        whole if whole.scale() == 0 => whole.to_i64().map_or(Value::Null, Value::from),
        value => value.to_f64().map_or(Value::Null, Value::from),
    }
}
