using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;

namespace Outbox.Dashboard.Pages.Acts;

/// <summary>The form of an act: it always asks why.</summary>
internal static class ActForm
{
    public const string Reason = "reason";
    public const int LongestReason = 500;

    /// <param name="visit">Whose page it is.</param>
    /// <param name="acts">What can be done, the harmless first; what the person may not do is not shown.</param>
    /// <param name="fields">What else is asked.</param>
    public static Html Of(Visit visit, IReadOnlyList<OfferedAct> acts, Html fields = default)
    {
        var allowed = acts.Where(act => visit.May(act.Needs)).ToList();
        return allowed.Count == 0 ? Html.None : Html.Of($"""
            <form class="act" method="post" action="{allowed[0].Link}">{fields}
            <label>Reason <input name="{Reason}" required maxlength="{LongestReason}" autocomplete="off" placeholder="for the audit"></label>
            <span class="buttons">{Html.Each(allowed, Button)}</span></form>
            """);
    }

    private static Html Button(OfferedAct act) => Html.Of($"<button formaction=\"{act.Link}\"{Html.If(act.IsGrave, $" class=\"grave\"")}>{act.Name}</button>");
}
