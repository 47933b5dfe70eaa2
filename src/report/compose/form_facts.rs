use super::ReportInput;
use super::cover::donors;
use super::glance::people_texts;
use super::localizer::Localizer;
use crate::model::{ContactPerson, Donor, Money};
use crate::report::document::{FigureSource, FigureText, FormAnswer, SectionBody};
use crate::report::profile::{AskedFact, FormFact, ProfileSection};

/// What a form asks of the project, in the form's order and with its numbers.
pub(super) fn compose_facts(localizer: &Localizer, section: &ProfileSection) -> SectionBody {
    SectionBody::Facts { items: section.facts.iter().map(|asked| answer(localizer, asked, section)).collect() }
}

/// Short names and their meanings, in alphabetical order.
pub(super) fn compose_acronyms(localizer: &Localizer) -> SectionBody {
    let mut acronyms: Vec<_> = localizer.input.project.settings.administration.acronyms.iter().collect();
    acronyms.sort_by(|one, other| one.0.cmp(&other.0));
    let items = acronyms.into_iter().map(|(short, meaning)| FormAnswer {
        number: None,
        label: short.clone(),
        lines: vec![FigureText::plain(localizer.text(meaning))],
    });
    SectionBody::Facts { items: items.collect() }
}

fn answer(localizer: &Localizer, asked: &AskedFact, section: &ProfileSection) -> FormAnswer {
    let own = asked.label.get(localizer.locale.lang()).map(str::to_owned);
    FormAnswer {
        number: asked.number.clone(),
        label: own.unwrap_or_else(|| localizer.label(asked.fact.label()).to_owned()),
        lines: lines(localizer, asked.fact, section),
    }
}

fn lines(localizer: &Localizer, fact: FormFact, section: &ProfileSection) -> Vec<FigureText> {
    let input = localizer.input;
    let settings = &input.project.settings;
    let administration = &settings.administration;
    let text = |text| localizer.find_text(text);
    let plain: Vec<String> = match fact {
        FormFact::Implementer => localizer.implementer().into_iter().collect(),
        FormFact::Contact => {
            let has_address = section.facts.iter().any(|asked| asked.fact == FormFact::Address);
            administration.contact.iter().flat_map(|contact| contact_lines(localizer, contact, !has_address)).collect()
        }
        FormFact::Address => administration.contact.iter().filter_map(|contact| text(&contact.address)).collect(),
        FormFact::Partners => settings.partners.iter().filter_map(|partner| text(&partner.name)).collect(),
        FormFact::Donors => donors(input).filter_map(|donor| text(&donor.name)).collect(),
        FormFact::Title => vec![localizer.text(&settings.title)],
        FormFact::Code => vec![settings.code.clone()],
        FormFact::Grant => grants(localizer, |donor| donor.grant.clone().map(FigureText::plain))
            .into_iter()
            .map(|grant| grant.text())
            .collect(),
        FormFact::Amount => {
            return grants(localizer, |donor| donor.amount.as_ref().map(|money| sum_of_money(localizer, money)));
        }
        FormFact::ProjectPeriod => vec![localizer.locale.date_range(settings.start, settings.end)],
        FormFact::ReportPeriod => vec![days_of_report(input, localizer)],
        FormFact::Countries => text(&administration.countries).into_iter().collect(),
        FormFact::ActivityCountries => {
            text(&administration.activity_countries).or_else(|| text(&administration.countries)).into_iter().collect()
        }
        FormFact::People => return people_texts(localizer, &input.indicators()),
    };
    plain.into_iter().map(FigureText::plain).collect()
}

fn days_of_report(input: &ReportInput, localizer: &Localizer) -> String {
    let period = input.period();
    localizer.locale.date_range(period.start, period.end)
}

/// What the donors of the report have, each behind its donor where they are several.
fn grants(localizer: &Localizer, of: impl Fn(&Donor) -> Option<FigureText>) -> Vec<FigureText> {
    let found: Vec<(&Donor, FigureText)> =
        donors(localizer.input).filter_map(|donor| Some((donor, of(donor)?))).collect();
    let are_several = donors(localizer.input).count() > 1;
    let named = |(donor, text): (&Donor, FigureText)| {
        if are_several { FigureText::plain(localizer.text(&donor.name)).joined(": ", text) } else { text }
    };
    found.into_iter().map(named).collect()
}

fn sum_of_money(localizer: &Localizer, money: &Money) -> FigureText {
    let source = FigureSource { place: None, from: money.amount, to: money.amount };
    let amount = FigureText::figure(localizer.locale.number(money.amount), source);
    amount.joined("\u{a0}", FigureText::plain(&money.currency))
}

/// Name and role, then how to reach the person; the address where the form doesn't ask for it by itself.
fn contact_lines(localizer: &Localizer, contact: &ContactPerson, with_address: bool) -> Vec<String> {
    let name: Vec<String> =
        [&contact.name, &contact.role].into_iter().filter_map(|text| localizer.find_text(text)).collect();
    let reached =
        [contact.email.clone(), contact.phone.clone(), localizer.find_text(&contact.address).filter(|_| with_address)];
    let lines = std::iter::once(name.join(", ")).chain(reached.into_iter().flatten());
    lines.filter(|line| !line.is_empty()).collect()
}
