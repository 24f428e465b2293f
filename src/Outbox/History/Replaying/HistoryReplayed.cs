using Outbox.Messages.Intents;

namespace Outbox.History.Replaying;

/// <summary>
/// The owner says on the topic itself how far a replay of its history is: when it begins, now and then, and at its end, behind all events. The endpoint that asked takes it in by itself
/// (<see cref="IHistoryRequests.FindAsync"/>).
/// </summary>
/// <param name="RequestId">The request.</param>
/// <param name="Topic">The topic whose history it is.</param>
/// <param name="State">How far it is.</param>
/// <param name="Events">The events so far, those that a crash has repeated not counted.</param>
/// <param name="Total">About how many there are.</param>
/// <param name="Error">Why it was refused, or has failed.</param>
public sealed record HistoryReplayed(string RequestId, string Topic, HistoryReplayState State, long Events, long Total, string? Error = null) : IEvent
{
    /// <summary>The type's name on the wire, and what the message is about.</summary>
    public const string TypeName = "history-replayed";
}
