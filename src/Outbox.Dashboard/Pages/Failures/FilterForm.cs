using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;

namespace Outbox.Dashboard.Pages.Failures;

/// <summary>What chooses among parked messages.</summary>
internal static class FilterForm
{
    private static readonly string[] Reasons = ["failed", "gap", "held", "unreadable"];

    public static Html Of(Filter filter) => Html.Of($"""
        <p class="tabs">{Tab("Not processed", Side.Inbox, false, filter)}{Tab("Not published", Side.Outbox, false, filter)}{Tab("Discarded of the inbox", Side.Inbox, true, filter)}{Tab("Discarded of the outbox", Side.Outbox, true, filter)}</p>
        <details class="filter"{Html.If(!filter.IsEmpty, $" open")}><summary>Choose</summary>
        <form action="{Link.To(Menu.Parked)}"><input type="hidden" name="side" value="{Filter.Word(filter.Side)}">{Html.If(filter.IsDiscarded, $"<input type=\"hidden\" name=\"discarded\" value=\"1\">")}
        {Html.Each(filter.Names, name => Field(name, filter.Value(name)))}
        <span class="buttons"><button>Choose</button> <a href="{new Filter(filter.Side, filter.IsDiscarded, _ => null).Link(Menu.Parked)}">all</a></span></form></details>
        """);

    private static Html Tab(string text, Side side, bool isDiscarded, Filter current) =>
        Html.Of($"<a href=\"{new Filter(side, isDiscarded, _ => null).Link(Menu.Parked)}\"{Html.If(side == current.Side && isDiscarded == current.IsDiscarded, $" aria-current=\"true\"")}>{text}</a>");

    private static Html Field(string name, string? value) => name switch
    {
        "reason" => Html.Of($"<label>reason <select name=\"reason\"><option value=\"\">any</option>{Html.Each(Reasons, reason => Html.Of($"<option{Html.If(reason == value, $" selected")}>{reason}</option>"))}</select></label>"),
        "from" or "before" => Html.Of($"<label>parked {name} (UTC) <input name=\"{name}\" type=\"datetime-local\" value=\"{new Exact(value)}\"></label>"),
        _ => Html.Of($"<label>{Label(name)} <input name=\"{name}\" value=\"{new Exact(value)}\"></label>"),
    };

    private static string Label(string name) => name switch { "entityType" => "entity type", "entityId" => "entity id", "error" => "error has", _ => name };
}
