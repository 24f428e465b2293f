using Outbox.Dashboard.Access;
using Outbox.Dashboard.Pages.Acts;
using Outbox.Dashboard.Pages.Frame;
using Outbox.Dashboard.Pages.Markup;
using Outbox.Operations.Explaining;
using Outbox.Operations.Pausing;

namespace Outbox.Dashboard.Pages.Explaining;

/// <summary>Finds what mends a finding, where that is one of our acts.</summary>
internal static class Remedies
{
    /// <param name="finding">What was found.</param>
    /// <param name="found">All that was found.</param>
    /// <param name="asked">What was asked for: after the act one comes back to it.</param>
    public static Remedy For(Finding finding, Explanation found, string asked) => finding.Code switch
    {
        FindingCodes.Parked or FindingCodes.HeldByParked => found.Parked.FirstOrDefault(parked => parked.Outcome != "discarded") is { } parked ? Parked(Side.Outbox, parked.MessageId, asked) : Remedy.None,
        FindingCodes.InboxParked or FindingCodes.InboxHeld or FindingCodes.InboxRetrying =>
            found.InboxParked.FirstOrDefault(parked => parked is { Outcome: "failed" or "unreadable", ParkedId.Length: > 0 }) is { } parked ? Parked(Side.Inbox, parked.ParkedId!, asked) : Remedy.None,
        FindingCodes.Gap => found.Sequences.FirstOrDefault(traced => traced.Waits) is { } waiting ? Release(waiting.Sequence, asked) : Remedy.None,
        FindingCodes.Discarded => Discarded(found, asked),
        FindingCodes.RelayPaused => Resume(PauseTarget.Relay, asked),
        FindingCodes.TopicPaused => Resume(PauseTarget.Topic(finding.Topic!), asked),
        FindingCodes.EndpointPaused => Resume(PauseTarget.Endpoint(finding.Endpoint!), asked),
        FindingCodes.NoRelay or FindingCodes.LaneUnowned or FindingCodes.RelaySilent => Remedy.Seen(Link.To(Menu.Relays), Commands.Of("lanes")),
        FindingCodes.PlaceClosed => Remedy.Seen(Link.To(Menu.Relays), Commands.Of("doctor")),
        FindingCodes.EndpointDown or FindingCodes.EndpointFaulted => Remedy.Seen(Link.To(Menu.Endpoints), Commands.Of("instances")),
        FindingCodes.EndpointLags => Remedy.Seen(Link.To(Menu.Endpoints), Commands.Of("lag")),
        FindingCodes.EndpointReplayed => new([], null, Commands.Of("replay show", finding.Endpoint!)),
        FindingCodes.NoTrace => new([], null, Commands.Of("status")),
        _ => Remedy.None,
    };

    private static Remedy Parked(Side side, string id, string asked) => new(MessageActs.Of(side, id, isDiscarded: false, asked), MessageActs.At(Routes.Message, side, id), Commands.Act("parked retry", id));

    private static Remedy Discarded(Explanation found, string asked) =>
        found.Parked.FirstOrDefault(IsDiscarded) is { } outbox ? Restore(Side.Outbox, outbox.ParkedId ?? outbox.MessageId, asked)
        : found.InboxParked.FirstOrDefault(IsDiscarded) is { ParkedId: { Length: > 0 } id } ? Restore(Side.Inbox, id, asked)
        : Remedy.None;

    private static Remedy Restore(Side side, string id, string asked) => new(MessageActs.Of(side, id, isDiscarded: true, asked), MessageActs.At(Routes.Message, side, id), Commands.Act("parked restore", id));

    private static Remedy Release(Inbox.Sequence sequence, string asked) => new(
        [new OfferedAct("Release", SequenceActs.At(sequence, asked), Capability.Destroy)],
        null,
        sequence.EntityType.Length == 0
            ? Commands.Act("sequences release", sequence.Endpoint, sequence.Topic, sequence.EntityId)
            : Commands.Act("sequences release", sequence.Endpoint, sequence.Topic, sequence.EntityId, sequence.EntityType));

    private static Remedy Resume(PauseTarget target, string asked) => new(
        [new OfferedAct("Resume", PauseActs.Resume(target, asked), Capability.Operate)],
        Link.To(Menu.Pauses),
        target.Kind == PauseKind.Relay ? Commands.Act("resume relay") : Commands.Act($"resume {PauseActs.Word(target.Kind)}", target.Name));

    private static bool IsDiscarded(TracedMessage traced) => traced.Outcome == "discarded";
}
