using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Failures;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Messages;
using Outbox.Operations.Explaining;

namespace Outbox.Dashboard.Pages.Explaining;

/// <summary>Why a message or an entity is stuck, or that it is not.</summary>
internal static class WhyPage
{
    /// <summary>It looks at many places, one after the other.</summary>
    private const int Looks = 3;

    public static async Task<Page> ShowAsync(Visit visit)
    {
        var asked = Asked(visit);
        var found = await ExplainAsync(visit, asked).ConfigureAwait(false);
        return found.Value is not { } explanation
            ? new Page($"Why is {Visible.Short(asked, 100)} stuck?", Words.Unknown(found.Problem))
            : new Page(Upper(Visible.Short(explanation.Subject, 200)), Html.Of($"""
                <p>{Verdict(explanation)}</p>
                <ol class="findings">{Html.Each(explanation.Findings, finding => FindingOf(visit, finding, explanation, asked))}</ol>
                {WhyTables.Of(visit, explanation)}
                <p>On the command line: {Commands.Copy(Commands.Of("why", asked))}</p>
                """));
    }

    /// <summary>In the search box one says <c>type/id</c>.</summary>
    private static string Asked(Visit visit) => (visit.Query("type"), visit.Query("id"), visit.Query("q")) switch
    {
        (null, null, { } q) => q.Trim(),
        (null, { } id, _) => id,
        ({ } type, { } id, _) => $"{type}/{id}",
        _ => throw PageException.Wrong("Say which message or entity."),
    };

    /// <summary>An id may have a slash in it: only where there is no trace of it as it is, it is a type and an id.</summary>
    private static async Task<Known<Explanation>> ExplainAsync(Visit visit, string asked)
    {
        var explain = visit.Get<IExplain>();
        if (visit.Query("type") is { } type && visit.Query("id") is { } id)
        {
            return await visit.AskAsync(ct => explain.ExplainAsync(new Entity(type, id), ct), longer: Looks).ConfigureAwait(false);
        }

        var found = await visit.AskAsync(ct => explain.ExplainAsync(asked, ct), longer: Looks).ConfigureAwait(false);
        return found.Value is { IsFound: false } && asked.Split('/', 2) is [{ Length: > 0 } first, { Length: > 0 } rest]
            ? await visit.AskAsync(ct => explain.ExplainAsync(new Entity(first, rest), ct), longer: Looks).ConfigureAwait(false)
            : found;
    }

    private static Html Verdict(Explanation found) =>
        !found.IsFound ? Words.Tag("calm", "no trace")
        : found.IsStuck ? Words.Tag("bad", "stuck")
        : found.Findings.Any(finding => finding.Kind == FindingKind.Waits) ? Words.Tag("warn", "waits")
        : Words.Tag("good", "nothing is wrong");

    private static Html FindingOf(Visit visit, Finding finding, Explanation found, string asked)
    {
        var remedy = Remedies.For(finding, found, asked);
        return Html.Of($"""
            <li class="{(finding.Kind == FindingKind.Stuck ? "bad" : finding.Kind == FindingKind.Waits ? "warn" : "calm")}"><p>{Visible.Short(finding.Text, 2_000)}{Html.If(finding.Since is not null, $" <small>since {Times.At(finding.Since, visit.Now)}</small>")}</p>
            {Html.If(finding.Remedy is not null, $"<p class=\"remedy\">{Visible.Short(finding.Remedy, 2_000)}</p>")}
            {ActForm.Of(visit, remedy.Acts)}
            <p class="more">{Html.If(remedy.Look is not null, $"<a href=\"{remedy.Look ?? default}\">Look</a>")} {Commands.Copy(remedy.Command)}</p></li>
            """);
    }

    private static string Upper(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
