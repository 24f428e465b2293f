using System.Globalization;
using Outbox.Messages;
using Outbox.Operations.Pausing;

namespace Outbox.Operations.Explaining.Facts;

/// <summary>What keeps an entity's messages from being published, and what became of those that were.</summary>
internal static class OutboxFindings
{
    public static IEnumerable<Finding> Of(ExplainFacts facts)
    {
        var waiting = Waiting(facts);
        return [.. Parked(facts), .. Holders(facts, waiting), .. waiting.Count == 0 ? [] : Obstacles(facts, waiting), .. Delayed(facts)];
    }

    /// <summary>What was published, and what people did.</summary>
    public static IEnumerable<Finding> History(ExplainFacts facts) =>
    [
        .. facts.Sent.Take(1).Select(sent => new Finding(FindingCodes.Published, FindingKind.Fact, $"{Name(sent)} was published to topic {sent.Topic} at {Time(sent.At)}.") { Since = sent.At }),
        .. facts.Acts.Take(3).Select(act => new Finding(
            act.Act == Auditing.AuditActs.Discard ? FindingCodes.Discarded : FindingCodes.ActedOn,
            FindingKind.Fact,
            $"{act.By} did this at {Time(act.At)}: {act.Act} of {act.Target}; {act.Outcome}. The reason: {Plain(act.Reason)}")
        { Since = act.At }),
    ];

    /// <summary>What is known of a message: one that could not be read may have neither id nor type.</summary>
    public static string Name(TracedMessage message)
    {
        var version = message.Version is { } known ? string.Create(CultureInfo.InvariantCulture, $"version {known}") : "";
        var kind = string.Join(", ", new[] { message.Type, version }.Where(part => !string.IsNullOrEmpty(part)));
        return $"{(message.MessageId.Length > 0 ? $"Message {message.MessageId}" : "A message")}{(kind.Length > 0 ? $" ({kind})" : "")}{(message.Entity.Id.Length > 0 ? $" of entity {message.Entity}" : "")}";
    }

    public static string After(int attempts) => attempts == 1 ? "after 1 attempt" : string.Create(CultureInfo.InvariantCulture, $"after {attempts} attempts");

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string Age(TimeSpan age) => age < TimeSpan.Zero ? "0 s"
        : age < TimeSpan.FromMinutes(2) ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0} s")
        : age < TimeSpan.FromHours(2) ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0} h");

    /// <summary>An error as the end of a sentence.</summary>
    public static string Plain(string? error) => $"{(string.IsNullOrWhiteSpace(error) ? "no reason was given" : error.TrimEnd('.', ' ', '\n'))}.";

    /// <summary>The messages that could be published now, up to the one that was asked for.</summary>
    private static List<TracedMessage> Waiting(ExplainFacts facts)
    {
        var ready = facts.Pending.Where(message => !IsDelayed(message, facts.Now)).ToList();
        if (facts.MessageId is null)
        {
            return ready;
        }

        var asked = ready.FindIndex(message => message.MessageId == facts.MessageId);
        return asked < 0 ? [] : ready[..(asked + 1)];
    }

    private static bool IsDelayed(TracedMessage message, DateTimeOffset now) => message.NotBefore > now;

    private static IEnumerable<Finding> Parked(ExplainFacts facts) => facts.Parked.Where(parked => facts.MessageId is null || parked.MessageId == facts.MessageId).Select(parked =>
        new Finding(FindingCodes.Parked, FindingKind.Stuck, $"{Name(parked)} could not be published to topic {parked.Topic} and is parked since {Time(parked.At)}, {After(parked.Attempts)}: {Plain(parked.Error)}")
        {
            Since = parked.At,
            Remedy = $"Mend the cause and put it back, or give it up: message {parked.MessageId}.",
        });

    private static IEnumerable<Finding> Holders(ExplainFacts facts, List<TracedMessage> waiting) => waiting.Count == 0 ? []
        : facts.Parked.Where(parked => parked.HoldsEntity && parked.MessageId != facts.MessageId).Take(1).Select(parked =>
            new Finding(FindingCodes.HeldByParked, FindingKind.Stuck, $"{waiting.Count} messages of entity {parked.Entity} wait behind message {parked.MessageId}, which is parked since {Time(parked.At)}: {Plain(parked.Error)}")
            {
                Since = parked.At,
                Remedy = $"Put message {parked.MessageId} back or give it up; those behind it follow by themselves.",
            });

    private static IEnumerable<Finding> Obstacles(ExplainFacts facts, List<TracedMessage> waiting)
    {
        List<Finding> obstacles = [.. Paused(facts, waiting), .. facts.Lane is { } lane ? [.. Unowned(facts, lane), .. Closed(lane, waiting), .. Failing(lane, waiting)] : Array.Empty<Finding>()];
        if (obstacles.Count > 0 || facts.Parked.Any(parked => parked.HoldsEntity))
        {
            return obstacles;
        }

        var asked = waiting[^1];
        var first = facts.MessageId is null ? waiting[0] : asked;
        var before = facts.Before >= ExplainFacts.MostBefore ? $"more than {ExplainFacts.MostBefore:N0}" : facts.Before.ToString("N0", CultureInfo.InvariantCulture);
        return
        [
            new Finding(
                FindingCodes.Pending,
                FindingKind.Waits,
                $"{Name(first)} is pending for {Age(facts.Now - first.At)}, with {before} messages before it in lane {first.Lane}, and nothing is known to keep it back.") { Since = first.At },
        ];
    }

    private static IEnumerable<Finding> Paused(ExplainFacts facts, List<TracedMessage> waiting) => facts.Pauses
        .Where(pause => pause.Target == PauseTarget.Relay || (pause.Target.Kind == PauseKind.Topic && waiting.Exists(message => message.Topic == pause.Target.Name)))
        .Select(pause => new Finding(pause.Target.Kind == PauseKind.Relay ? FindingCodes.RelayPaused : FindingCodes.TopicPaused, FindingKind.Waits, Sentence(pause))
        {
            Since = pause.Since,
            Topic = pause.Target.Kind == PauseKind.Topic ? pause.Target.Name : null,
            Remedy = "Resume it, or wait until the pause ends by itself.",
        });

    internal static string Sentence(Pause pause) => $"{char.ToUpperInvariant(pause.Target.ToString()[0])}{pause.Target.ToString()[1..]} is paused by {pause.By} until {Time(pause.Until)}: {Plain(pause.Reason)}";

    private static IEnumerable<Finding> Unowned(ExplainFacts facts, LaneFacts lane)
    {
        if (lane.Relays == 0)
        {
            var last = lane.AnySeenAt is { } seen ? $"The last one was heard of at {Time(seen)}." : "None has been heard of in the last day.";
            yield return new Finding(FindingCodes.NoRelay, FindingKind.Stuck, $"No relay runs. {last}")
            {
                Since = lane.AnySeenAt,
                Remedy = "Start an instance of the service with Outbox:RelayEnabled, and see in its log why the last one ended.",
            };
        }
        else if (lane.ExpiresAt <= facts.Now)
        {
            var owner = lane.Owner is null ? "Nobody has had it yet." : $"Relay {lane.Owner} had it until {Time(lane.ExpiresAt)}{(lane.OwnerSeenAt is { } seen ? $" and was heard of last at {Time(seen)}" : "")}.";
            yield return new Finding(FindingCodes.LaneUnowned, FindingKind.Waits, $"Lane {lane.Lane} has no owner. {owner} {lane.Relays} relays run, and one of them takes it over within a lease.")
            {
                Since = lane.Owner is null ? null : lane.ExpiresAt,
                Remedy = "If this lasts for longer than a lease, see in the relays' logs why they do not take it.",
            };
        }
        else if (lane.OwnerSeenAt is { } seen && facts.Now - seen > LaneFacts.Silence)
        {
            yield return new Finding(FindingCodes.RelaySilent, FindingKind.Waits, $"Lane {lane.Lane} is relay {lane.Owner}'s until {Time(lane.ExpiresAt)}, and that was heard of last at {Time(seen)}.")
            {
                Since = seen,
                Remedy = "If it hangs, end it; another relay takes its lanes when their leases end.",
            };
        }
    }

    private static IEnumerable<Finding> Closed(LaneFacts lane, List<TracedMessage> waiting) => lane.Places.Where(found => waiting.Exists(message => found.Place.Contains(message.Topic)))
        .Select(found => new Finding(FindingCodes.PlaceClosed, FindingKind.Stuck, $"Nothing gets through to {found.Place.Place}: {Plain(found.Place.Reason)}")
        {
            Since = found.Since,
            Remedy = "Mend that at the brokers. The relay tries it again by itself, and nothing is parked for it.",
        });

    private static IEnumerable<Finding> Failing(LaneFacts lane, List<TracedMessage> waiting) => lane.Failing.Where(found => waiting.Exists(message => message.Entity == found.Failure.Entity)).Take(1)
        .Select(found => new Finding(
            FindingCodes.Retrying, FindingKind.Waits, $"Message {found.Failure.MessageId} of entity {found.Failure.Entity} could not be published, for the {found.Failure.Failures}. time: {Plain(found.Failure.Error)} It is tried again.")
        {
            Since = found.Since,
            Remedy = "If the error cannot pass, the message is parked after Outbox:MaxAttempts, where it can be discarded.",
        });

    private static IEnumerable<Finding> Delayed(ExplainFacts facts) => facts.Pending
        .Where(message => IsDelayed(message, facts.Now) && (facts.MessageId is null || message.MessageId == facts.MessageId)).Take(3)
        .Select(message => new Finding(FindingCodes.Delayed, FindingKind.Waits, $"{Name(message)} is delayed until {Time(message.NotBefore!.Value)}, as its sender asked.") { Since = message.At });
}
