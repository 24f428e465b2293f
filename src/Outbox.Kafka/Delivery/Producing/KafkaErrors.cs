using Confluent.Kafka;

namespace Outbox.Kafka.Delivery.Producing;

/// <summary>Tells what errors are about.</summary>
internal static class KafkaErrors
{
    private static readonly HashSet<ErrorCode> OfOneRecord =
    [
        ErrorCode.MsgSizeTooLarge,
        ErrorCode.RecordListTooLarge,
        ErrorCode.InvalidMsg,
        ErrorCode.InvalidRecord,
        ErrorCode.InvalidTimestamp,
        ErrorCode.PolicyViolation,
        ErrorCode.Local_KeySerialization,
        ErrorCode.Local_ValueSerialization,
    ];

    private static readonly HashSet<ErrorCode> OfThePlace =
    [
        ErrorCode.TopicException,
        ErrorCode.UnknownTopicOrPart,
        ErrorCode.TopicAuthorizationFailed,
        ErrorCode.ClusterAuthorizationFailed,
        ErrorCode.TransactionalIdAuthorizationFailed,
        ErrorCode.SaslAuthenticationFailed,
        ErrorCode.UnsupportedForMessageFormat,
        ErrorCode.UnsupportedCompressionType,
        ErrorCode.InvalidRequiredAcks,
        ErrorCode.ThrottlingQuotaExceeded,
        ErrorCode.KafkaStorageError,
        ErrorCode.LeaderNotAvailable,
        ErrorCode.NotLeaderForPartition,
        ErrorCode.ReplicaNotAvailable,
        ErrorCode.NotEnoughReplicas,
        ErrorCode.NotEnoughReplicasAfterAppend,
        ErrorCode.Local_UnknownTopic,
        ErrorCode.Local_UnknownPartition,
        ErrorCode.Local_Authentication,
    ];

    private static readonly HashSet<ErrorCode> OfBystanders =
    [
        ErrorCode.Local_InvalidDifferentRecord,
        ErrorCode.Local_PurgeQueue,
        ErrorCode.Local_PurgeInflight,
        ErrorCode.Local_Fatal,
        ErrorCode.Local_GaplessGuarantee,
        ErrorCode.Local_State,
        ErrorCode.Local_Inconsistent,
        ErrorCode.OutOfOrderSequenceNumber,
    ];

    private static readonly HashSet<ErrorCode> OfCredentials =
        [ErrorCode.Local_Authentication, ErrorCode.SaslAuthenticationFailed, ErrorCode.Local_Ssl];

    public static ErrorKind KindOf(Error error)
    {
        if (OfOneRecord.Contains(error.Code))
        {
            return ErrorKind.Record;
        }

        if (OfThePlace.Contains(error.Code))
        {
            return ErrorKind.Place;
        }

        return OfBystanders.Contains(error.Code) ? ErrorKind.Bystander : error.IsLocalError ? ErrorKind.NoAnswer : ErrorKind.Passing;
    }

    /// <summary>
    /// What an error of a record is about that bears this time. A record that bears the time at which it is sent is not at fault when that time is refused: a clock is, and every record meets it.
    /// </summary>
    public static ErrorKind KindOf(Error error, RecordTime time) => IsOfClock(error, time) ? ErrorKind.Place : KindOf(error);

    /// <summary>Whether an error of a place is about every topic.</summary>
    public static bool IsOfCluster(ErrorCode code) =>
        code is ErrorCode.ClusterAuthorizationFailed or ErrorCode.TransactionalIdAuthorizationFailed or ErrorCode.ThrottlingQuotaExceeded || OfCredentials.Contains(code);

    /// <summary>Whether the brokers did not let the client in.</summary>
    public static bool IsOfCredentials(ErrorCode code) => OfCredentials.Contains(code);

    /// <summary>Says an error of a record that bears this time.</summary>
    public static string Explain(Error error, string topic, RecordTime time) => !IsOfClock(error, time) ? Explain(error, topic)
        : $"Topic '{topic}' refuses the time of publishing, which is MongoDB's (InvalidTimestamp: {error.Reason}). MongoDB's clock is further ahead of the broker's than the topic's "
        + "message.timestamp.after.max.ms allows (an hour by default), or further behind it than message.timestamp.before.max.ms. Set the clocks right; publishing starts by itself.";

    /// <summary>Says an error so that a person knows what to do about it.</summary>
    public static string Explain(Error error, string topic) => error.Code switch
    {
        ErrorCode.TopicAuthorizationFailed => $"The right Write on topic '{topic}' is missing (TopicAuthorizationFailed). Grant it; publishing starts by itself.",
        ErrorCode.ClusterAuthorizationFailed =>
            "The right IdempotentWrite on the cluster is missing, which brokers before Kafka 2.8 ask for (ClusterAuthorizationFailed). Grant it; publishing starts by itself.",
        ErrorCode.TransactionalIdAuthorizationFailed =>
            "The rights Describe and Write on the transactional ids that begin with Outbox:Kafka:TransactionalIdPrefix are missing (TransactionalIdAuthorizationFailed). Grant them; "
            + "publishing starts by itself.",
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic => $"Topic '{topic}' does not exist, or the right Describe on it is missing. Create it; publishing starts by itself.",
        ErrorCode.TopicException => $"'{topic}' is not a valid name of a topic.",
        ErrorCode.UnsupportedCompressionType => $"Topic '{topic}' does not take the compression.type of Outbox:Kafka:ProducerSettings.",
        ErrorCode.UnsupportedForMessageFormat => $"Topic '{topic}' keeps a message format older than Kafka 0.11, which has no headers. Change its message.format.version.",
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge =>
            $"The message is larger than topic '{topic}' or the producer allows ({error.Code}): see max.message.bytes of the topic and message.max.bytes of Outbox:Kafka:ProducerSettings.",
        _ when OfCredentials.Contains(error.Code) => $"The brokers refuse the credentials of Outbox:Kafka:Settings ({error.Code}: {error.Reason}).",
        _ => $"{error.Code}: {error.Reason}",
    };

    private static bool IsOfClock(Error error, RecordTime time) => error.Code == ErrorCode.InvalidTimestamp && time == RecordTime.Published;
}
