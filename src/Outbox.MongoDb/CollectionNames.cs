namespace Outbox.MongoDb;

/// <summary>The names of the framework's collections, which all begin with the prefix of <see cref="MongoDbOptions.CollectionPrefix"/>.</summary>
/// <param name="prefix">The prefix.</param>
/// <param name="keepsHistory">Whether some topic keeps history; where none does, there are no collections for it.</param>
/// <param name="hasProjections">Whether there are read models.</param>
/// <param name="hasClaims">Whether some topic's large payloads are kept apart in this database.</param>
internal sealed class CollectionNames(string prefix, bool keepsHistory = false, bool hasProjections = false, bool hasClaims = false)
{
    public string Prefix => prefix;

    public string Outbox { get; } = prefix + "outbox";

    public string Leases { get; } = prefix + "outbox.leases";

    public string Relays { get; } = prefix + "outbox.relays";

    public string Instances { get; } = prefix + "outbox.instances";

    public string Topics { get; } = prefix + "outbox.topics";

    public string Parked { get; } = prefix + "outbox.parked";

    public string Discarded { get; } = prefix + "outbox.discarded";

    public string Operations { get; } = prefix + "outbox.operations";

    public string Sent { get; } = prefix + "outbox.sent";

    public string Audit { get; } = prefix + "outbox.audit";

    public string Pauses { get; } = prefix + "outbox.pauses";

    public string Inbox { get; } = prefix + "inbox";

    public string InboxParked { get; } = prefix + "inbox.parked";

    public string InboxDiscarded { get; } = prefix + "inbox.discarded";

    public string InboxSequences { get; } = prefix + "inbox.sequences";

    public string InboxEndpoints { get; } = prefix + "inbox.endpoints";

    public string InboxReplays { get; } = prefix + "inbox.replays";

    public string ReplaySnapshots { get; } = prefix + "replay.snapshots";

    /// <summary>What the names of the copies begin with that snapshots are made of.</summary>
    public string ReplayCopies { get; } = prefix + "replay.";

    public string EntityVersions { get; } = prefix + "entity.versions";

    public string History { get; } = prefix + "history";

    public string Snapshots { get; } = prefix + "history.snapshots";

    public string Projections { get; } = prefix + "projections";

    public string HistoryAnswers { get; } = prefix + "history.answers";

    public string HistoryReplays { get; } = prefix + "history.replays";

    public string HistoryRequests { get; } = prefix + "history.requests";

    /// <summary>As GridFS has them: <c>mongofiles --prefix=outbox.payloads</c> reads them too.</summary>
    public string PayloadFiles { get; } = prefix + "outbox.payloads.files";

    public string PayloadChunks { get; } = prefix + "outbox.payloads.chunks";

    public bool HasClaims => hasClaims;

    public IReadOnlyList<string> All =>
    [
        Outbox, Leases, Relays, Instances, Topics, Parked, Discarded, Operations, Sent, Audit, Pauses, Inbox, InboxParked, InboxDiscarded, InboxSequences, InboxEndpoints, InboxReplays, ReplaySnapshots,
        EntityVersions, HistoryRequests, .. keepsHistory ? [History, Snapshots, HistoryAnswers, HistoryReplays] : Array.Empty<string>(),
        .. hasClaims ? [PayloadFiles, PayloadChunks] : Array.Empty<string>(),
        .. hasProjections ? [Projections] : Array.Empty<string>(),
    ];
}
