using Outbox.Inbox;
using Outbox.Operations.Explaining;

namespace Outbox.Cli.Explaining;

/// <summary>What a person may want to type after <c>why</c>: the acts that mend what was found.</summary>
internal static class NextCommands
{
    private const int Most = 6;

    public static IReadOnlyList<string> For(Explanation found) => [.. found.Findings.SelectMany(finding => For(finding, found)).OfType<string>().Distinct().Take(Most)];

    private static IEnumerable<string?> For(Finding finding, Explanation found) => finding.Code switch
    {
        FindingCodes.Parked or FindingCodes.HeldByParked => found.Parked.Take(1).SelectMany(parked => Parked(parked.MessageId)),
        FindingCodes.InboxParked or FindingCodes.InboxHeld => found.InboxParked.Where(parked => parked.Outcome is "failed" or "unreadable").Take(1).SelectMany(parked => Parked(parked.ParkedId ?? "")),
        FindingCodes.Gap => found.Sequences.Where(traced => traced.Waits).Take(1).Select(traced => Release(traced.Sequence)),
        FindingCodes.Discarded => found.Parked.Concat(found.InboxParked).Where(traced => traced.Outcome == "discarded").Take(1).Select(traced => Shell.Act("parked restore", traced.ParkedId ?? traced.MessageId)),
        FindingCodes.RelayPaused => [Shell.Act("resume relay")],
        FindingCodes.TopicPaused => [Shell.Act("resume topic", finding.Topic!)],
        FindingCodes.NoRelay or FindingCodes.LaneUnowned or FindingCodes.RelaySilent => [Shell.Command("lanes"), Shell.Command("instances")],
        FindingCodes.PlaceClosed => [Shell.Command("doctor")],
        FindingCodes.EndpointPaused => [Shell.Act("resume endpoint", finding.Endpoint!)],
        FindingCodes.EndpointDown or FindingCodes.EndpointFaulted => [Shell.Command("instances")],
        FindingCodes.EndpointLags => [Shell.Command("lag")],
        FindingCodes.EndpointReplayed => [Shell.Command("replay show", finding.Endpoint!)],
        FindingCodes.NoTrace => [Shell.Command("status")],
        _ => [],
    };

    private static IEnumerable<string?> Parked(string id) => [Shell.Command("parked show", id), Shell.Act("parked retry", id)];

    private static string? Release(Sequence sequence) => sequence.EntityType.Length == 0
        ? Shell.Act("sequences release", sequence.Endpoint, sequence.Topic, sequence.EntityId)
        : Shell.Act("sequences release", sequence.Endpoint, sequence.Topic, sequence.EntityId, sequence.EntityType);
}
