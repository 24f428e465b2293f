using Outbox.Dashboard.Access;
using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations.Pausing;

namespace Outbox.Dashboard.Pages.Running;

/// <summary>What rests, and until when.</summary>
internal static class PausesPage
{
    public static async Task<Page> ShowAsync(Visit visit)
    {
        var pauses = await visit.AskAsync(ct => visit.Get<IPauses>().ListPausesAsync(ct)).ConfigureAwait(false);
        return new Page("Pauses", Html.Of($"""
            {(pauses.Value is { } known ? List(visit, known) : Words.Unknown(pauses.Problem))}
            {Html.If(visit.May(Capability.Operate), $"<section><h2>Pause something</h2>{PauseActs.Form(visit, visit.Query("kind"), visit.Query("name"))}</section>")}
            """)) { Tab = Menu.Pauses };
    }

    private static Html List(Visit visit, IReadOnlyList<Pause> pauses) => Table.Of(
        "Pauses",
        pauses,
        "Nothing is paused.",
        new("What", pause => Html.Of($"{Visible.Short(pause.Target.ToString(), 200)}")),
        new("Ends", pause => Times.At(pause.Until, visit.Now)),
        new("Since", pause => Times.At(pause.Since, visit.Now)),
        new("By", pause => Html.Of($"{Visible.Short(pause.By.ToString(), 100)}")),
        new("Reason", pause => Html.Of($"{Visible.Short(pause.Reason, 500)}")),
        new("Act", pause => Html.If(visit.May(Capability.Operate), $"<a class=\"button\" href=\"{PauseActs.Resume(pause.Target)}\">Resume…</a>")));
}
