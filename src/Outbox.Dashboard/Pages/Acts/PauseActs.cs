using System.Globalization;
using Outbox.Dashboard.Access;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations.Pausing;

namespace Outbox.Dashboard.Pages.Acts;

/// <summary>Has the relay, a topic or an endpoint rest, and go on.</summary>
internal static class PauseActs
{
    private static readonly (string Value, string Name)[] Lengths = [("15", "15 minutes"), ("60", "1 hour"), ("240", "4 hours"), ("1440", "1 day"), ("10080", "7 days")];

    public static Link Resume(PauseTarget target, string? why = null) => Link.To(Routes.Resume, ("kind", Word(target.Kind)), ("name", target.Name), (Routes.Why, why));

    public static string Word(PauseKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The form that pauses something.</summary>
    /// <param name="visit">Whose page it is.</param>
    /// <param name="kind">What is chosen to begin with.</param>
    /// <param name="name">Its name, to begin with.</param>
    public static Html Form(Visit visit, string? kind, string? name) => ActForm.Of(visit, [new OfferedAct("Pause", Link.To(Routes.Pause), Capability.Operate)], Html.Of($"""
        <label>What <select name="kind">{Html.Each(Enum.GetValues<PauseKind>(), each => Html.Of($"<option value=\"{Word(each)}\"{Html.If(Word(each) == kind, $" selected")}>{(each == PauseKind.Relay ? "the relay: all publishing" : Word(each))}</option>"))}</select></label>
        <label>Name <input name="name" value="{new Exact(name)}" placeholder="none for the relay"></label>
        <label>For <select name="minutes">{Html.Each(Lengths, length => Html.Of($"<option value=\"{length.Value}\"{Html.If(length.Value == "60", $" selected")}>{length.Name}</option>"))}</select></label>
        <label class="check"><input type="checkbox" name="unknown" value="1"> also an endpoint that nobody has yet</label>
        """));

    public static async Task<Page> PauseAsync(Visit visit)
    {
        var form = await SentForm.ReadAsync(visit).ConfigureAwait(false);
        var minutes = double.TryParse(form.Field("minutes"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var said) && said is > 0 and <= 10_080
            ? said : throw PageException.Wrong("A pause lasts from a second to 7 days.");
        var request = new PauseRequest(Target(form.Field("kind"), form.Field("name")), form.Reason) { For = TimeSpan.FromMinutes(minutes), By = visit.Actor, EvenIfUnknown = form.Field("unknown") is not null };
        await visit.DoAsync(ct => visit.Get<IPauses>().PauseAsync(request, ct)).ConfigureAwait(false);
        return Page.GoTo(Link.To(Menu.Pauses, (Notices.Name, Notices.Paused)));
    }

    public static Task<Page> AskResumeAsync(Visit visit)
    {
        var target = Target(visit.Query("kind"), visit.Query("name"));
        return Task.FromResult(new Page($"Resume {Visible.Short(target.ToString(), 100)}?", ActForm.Of(visit, [new OfferedAct("Resume", Resume(target), Capability.Operate)])) { Tab = Menu.Pauses });
    }

    public static async Task<Page> ResumeAsync(Visit visit)
    {
        var (target, why) = (Target(visit.Query("kind"), visit.Query("name")), visit.Query(Routes.Why));
        var form = await SentForm.ReadAsync(visit).ConfigureAwait(false);
        var reason = form.Reason;
        var isDone = await visit.DoAsync(ct => visit.Get<IPauses>().ResumeAsync(target, reason, visit.Actor, ct)).ConfigureAwait(false);
        var did = (Notices.Name, isDone ? Notices.Resumed : Notices.Nothing);
        return Page.GoTo(why is null ? Link.To(Menu.Pauses, did) : Link.To(Routes.Why, ("q", why), did));
    }

    private static PauseTarget Target(string? kind, string? name) => (kind, string.IsNullOrWhiteSpace(name)) switch
    {
        ("relay", _) => PauseTarget.Relay,
        ("topic", false) => PauseTarget.Topic(name!),
        ("endpoint", false) => PauseTarget.Endpoint(name!),
        ("topic" or "endpoint", true) => throw PageException.Wrong($"Say which {kind}."),
        _ => throw PageException.Wrong("The relay, a topic or an endpoint can be paused."),
    };
}
