using Confluent.Kafka;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;
using Outbox.Kafka.Asking.Clients;
using Outbox.Kafka.Asking.Topics;
using Outbox.Kafka.Asking.Wire;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Asking.Replies;

/// <summary>Brings answers to those who wait for them. Those of other instances, and of earlier lives, are passed over without being read.</summary>
internal sealed class ReplyReader(ReceiveEndpointContext endpoint, Requests requests, RequestMetrics metrics, ILogger logger)
{
    public void Take(ConsumeResult<byte[]?, byte[]?> result, string instance)
    {
        var headers = new WireHeaders(result.Message.Headers);
        if (headers.Hint(RequestHeaders.ReplyInstance) != instance || headers.Hint(RequestHeaders.RequestId) is not { } text || !Guid.TryParse(text, out var id))
        {
            return;
        }

        if (requests.Find(id) is not { } pending)
        {
            metrics.Late(result.Topic);
            logger.ReplyLate(text, result.Topic);
            return;
        }

        // It keeps its errors to itself: the asker gets them.
        _ = pending.AnswerAsync(new Reply(endpoint, id, result.Message.Value, headers));
    }
}
