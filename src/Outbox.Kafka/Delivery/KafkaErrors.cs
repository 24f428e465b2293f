using Confluent.Kafka;
using Outbox.Delivery.Publishing;

namespace Outbox.Kafka.Delivery;

/// <summary>Tells errors that no attempt can change from those that pass.</summary>
internal static class KafkaErrors
{
    private static readonly HashSet<ErrorCode> Permanent =
    [
        ErrorCode.MsgSizeTooLarge,
        ErrorCode.RecordListTooLarge,
        ErrorCode.InvalidMsg,
        ErrorCode.InvalidRecord,
        ErrorCode.InvalidTimestamp,
        ErrorCode.TopicException,
        ErrorCode.TopicAuthorizationFailed,
        ErrorCode.ClusterAuthorizationFailed,
        ErrorCode.PolicyViolation,
        ErrorCode.UnsupportedForMessageFormat,
    ];

    public static PublishResult ToResult(Error error)
    {
        var text = $"{error.Code}: {error.Reason}";
        return Permanent.Contains(error.Code) ? PublishResult.Refused(text) : PublishResult.Failed(text);
    }
}
