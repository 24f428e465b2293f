using System.Globalization;
using Outbox.Operations.Pausing;
using static Outbox.Operations.Explaining.Facts.OutboxFindings;

namespace Outbox.Operations.Explaining.Facts;

/// <summary>What keeps endpoints from processing an entity's messages, and what became of those that were processed.</summary>
internal static class InboxFindings
{
    public static IEnumerable<Finding> Of(ExplainFacts facts) =>
    [
        .. facts.InboxParked.Where(parked => parked.Outcome != "gap").Take(5).Select(Parked),
        .. facts.Sequences.Select(Gap).OfType<Finding>(),
        .. facts.Endpoints.SelectMany(endpoint => Endpoint(facts, endpoint).Select(finding => finding with { Endpoint = endpoint.Endpoint })),
    ];

    public static IEnumerable<Finding> History(ExplainFacts facts) => facts.Processed.Take(5).Select(done => new Finding(
        done.Outcome == "discarded" ? FindingCodes.Discarded : FindingCodes.Processed, FindingKind.Fact, $"Message {done.MessageId} was dealt with by endpoint {done.Endpoint} at {Time(done.At)}: {done.Outcome}.")
    { Since = done.At });

    private static Finding Parked(TracedMessage parked)
    {
        var name = $"{Name(parked)}, of topic {parked.Topic},";
        if (parked.RetryRequested)
        {
            var when = parked.NotBefore is { } at ? $" at {Time(at)}" : "";
            return new Finding(FindingCodes.InboxRetrying, FindingKind.Waits, $"{name} failed on endpoint {parked.Endpoint}, which is about to try it again{when}: {Plain(parked.Error)}") { Since = parked.At };
        }

        return parked.Outcome == "held"
            ? new Finding(FindingCodes.InboxHeld, FindingKind.Stuck, $"{name} queues on endpoint {parked.Endpoint} behind one of its entity that failed.")
            {
                Since = parked.At,
                Remedy = "Retry or discard the message that failed; this one follows by itself.",
            }
            : new Finding(
                FindingCodes.InboxParked,
                FindingKind.Stuck,
                $"{name} could not be {(parked.Outcome == "unreadable" ? "read" : "processed")} by endpoint {parked.Endpoint} and is parked since {Time(parked.At)}, {After(parked.Attempts)}: "
                    + Plain(parked.Error))
            {
                Since = parked.At,
                Remedy = $"Mend the cause and have it tried again, or give it up: parked message {parked.ParkedId}.",
            };
    }

    private static Finding? Gap(TracedSequence sequence)
    {
        if (sequence.FirstWaiting is not { } waiting || waiting <= sequence.Version + 1)
        {
            return null;
        }

        var missing = waiting == sequence.Version + 2
            ? string.Create(CultureInfo.InvariantCulture, $"version {sequence.Version + 1}")
            : string.Create(CultureInfo.InvariantCulture, $"versions {sequence.Version + 1} to {waiting - 1}");
        var asked = sequence.Asked is { } range
            ? string.Create(CultureInfo.InvariantCulture, $" The owner was asked for {range.From} to {range.To}, {sequence.Asks} times, the last time at {Time(sequence.AskedAt!.Value)}.")
            : " The owner was not asked for it.";
        var until = sequence.Deadline is { } deadline ? $" It waits until {Time(deadline)}." : "";
        var of = sequence.Sequence;
        return new Finding(
            FindingCodes.Gap,
            sequence.Deadline is null ? FindingKind.Stuck : FindingKind.Waits,
            string.Create(CultureInfo.InvariantCulture, $"Endpoint {of.Endpoint} waits for {missing} of entity {of.EntityType} {of.EntityId} on topic {of.Topic}; version {waiting} is there.{until}{asked}"))
        {
            Since = sequence.WaitsSince,
            Remedy = "See at its owner what became of the missing version: it may be parked there. If it never comes, release the sequence.",
        };
    }

    private static IEnumerable<Finding> Endpoint(ExplainFacts facts, EndpointFacts endpoint)
    {
        var paused = facts.Pauses.FirstOrDefault(pause => pause.Target == PauseTarget.Endpoint(endpoint.Endpoint));
        if (paused is not null)
        {
            yield return new Finding(FindingCodes.EndpointPaused, FindingKind.Waits, Sentence(paused))
            {
                Since = paused.Since,
                Remedy = "Resume it, or wait until the pause ends by itself.",
            };
        }

        if (endpoint.Instances == 0)
        {
            yield return new Finding(
                FindingCodes.EndpointDown, FindingKind.Stuck, $"No instance of endpoint {endpoint.Endpoint} (topic {endpoint.Topic}) runs. One was heard of last at {Time(endpoint.SeenAt)}.")
            {
                Since = endpoint.SeenAt,
                Remedy = "Start an instance of the service, and see in its log why the last one ended.",
            };
            yield break;
        }

        foreach (var (reason, since) in endpoint.Faults)
        {
            yield return new Finding(FindingCodes.EndpointFaulted, FindingKind.Stuck, $"Endpoint {endpoint.Endpoint} (topic {endpoint.Topic}) cannot go on: {Plain(reason)}") { Since = since, Remedy = "Mend that; it goes on by itself." };
        }

        if (endpoint.Replay is { } replay)
        {
            yield return new Finding(FindingCodes.EndpointReplayed, FindingKind.Waits, $"Endpoint {endpoint.Endpoint} does not consume: {replay}.") { Remedy = "It goes on by itself; the replay says how far it is." };
        }

        if (paused is null && endpoint.Lag > 0)
        {
            var last = endpoint.ConsumedAt is { } at ? Time(at) : "an unknown time";
            yield return new Finding(FindingCodes.EndpointLags, FindingKind.Waits, string.Create(
                CultureInfo.InvariantCulture,
                $"Endpoint {endpoint.Endpoint} (topic {endpoint.Topic}) has {endpoint.Lag:N0} messages left to do, on {endpoint.Partitions} partitions of {endpoint.Instances} instances; one came to its end last at {last}."))
            {
                Since = endpoint.ConsumedAt,
            };
        }
    }
}
