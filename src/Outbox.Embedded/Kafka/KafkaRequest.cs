namespace Outbox.Embedded.Kafka;

/// <summary>The requests that the cluster answers, by their key in Kafka's protocol.</summary>
public enum KafkaRequest : short
{
    /// <summary>Records from a producer.</summary>
    Produce = 0,

    /// <summary>Records to a consumer.</summary>
    Fetch = 1,

    /// <summary>Watermarks and offsets by time.</summary>
    ListOffsets = 2,

    /// <summary>Topics, partitions and their leaders.</summary>
    Metadata = 3,

    /// <summary>A group's offsets are stored.</summary>
    OffsetCommit = 8,

    /// <summary>A group's offsets are read.</summary>
    OffsetFetch = 9,

    /// <summary>Which broker coordinates a group or a transaction.</summary>
    FindCoordinator = 10,

    /// <summary>A consumer enters its group.</summary>
    JoinGroup = 11,

    /// <summary>A consumer shows its group that it lives.</summary>
    Heartbeat = 12,

    /// <summary>A consumer leaves its group.</summary>
    LeaveGroup = 13,

    /// <summary>A group's assignment is handed out.</summary>
    SyncGroup = 14,

    /// <summary>Which requests, in which versions, the broker answers.</summary>
    ApiVersions = 18,

    /// <summary>An idempotent or transactional producer asks for its id.</summary>
    InitProducerId = 22,

    /// <summary>The epochs by which a consumer notices a truncated log.</summary>
    OffsetForLeaderEpoch = 23,

    /// <summary>Partitions enter a transaction.</summary>
    AddPartitionsToTransaction = 24,

    /// <summary>A group's offsets enter a transaction.</summary>
    AddOffsetsToTransaction = 25,

    /// <summary>A transaction commits or aborts.</summary>
    EndTransaction = 26,

    /// <summary>A group's offsets are stored in a transaction.</summary>
    TransactionOffsetCommit = 28,
}
