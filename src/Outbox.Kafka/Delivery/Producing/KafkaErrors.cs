using Confluent.Kafka;
using Outbox.Delivery.Publishing;

namespace Outbox.Kafka.Delivery.Producing;

/// <summary>Tells errors that no attempt can change from those that pass.</summary>
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
        ErrorCode.UnsupportedForMessageFormat,
    ];

    private static readonly HashSet<ErrorCode> OfTheTopic =
    [
        ErrorCode.TopicException,
        ErrorCode.TopicAuthorizationFailed,
        ErrorCode.ClusterAuthorizationFailed,
    ];

    private static readonly HashSet<ErrorCode> OfTheMessage =
    [
        ErrorCode.Local_UnknownTopic,
        ErrorCode.Local_UnknownPartition,
        ErrorCode.Local_KeySerialization,
        ErrorCode.Local_ValueSerialization,
    ];

    /// <summary>Whether one bad record makes the broker refuse every record of the request with this error.</summary>
    public static bool IsOfOneRecord(ErrorCode code) => OfOneRecord.Contains(code);

    public static PublishResult ToResult(Error error)
    {
        var text = $"{error.Code}: {error.Reason}";
        if (OfOneRecord.Contains(error.Code) || OfTheTopic.Contains(error.Code))
        {
            return PublishResult.Refused(text);
        }

        return error.IsLocalError && !OfTheMessage.Contains(error.Code) ? PublishResult.Unavailable(text) : PublishResult.Failed(text);
    }
}
