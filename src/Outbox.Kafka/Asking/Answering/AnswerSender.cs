using System.Diagnostics;
using Confluent.Kafka;
using MassTransit;
using Microsoft.Extensions.Logging;
using Outbox.Diagnostics;
using Outbox.Kafka.Asking.Wire;
using Outbox.Kafka.Delivery.Producing;
using MessageHeaders = Outbox.Messages.MessageHeaders;

namespace Outbox.Kafka.Asking.Answering;

/// <summary>Sends answers, to askers that still wait.</summary>
internal sealed class AnswerSender(string endpoint, RequestProducer producer, TimeProvider time, ILogger logger)
{
    public TimeProvider Time => time;

    public ILogger Logger => logger;

    public string Endpoint => endpoint;

    /// <summary>Whether nobody waits for it any more; says so.</summary>
    /// <param name="request">The request.</param>
    /// <param name="when">Before or after it was processed.</param>
    public bool HasExpired(AskedRequest request, string when)
    {
        if (time.GetUtcNow() <= request.Deadline)
        {
            return false;
        }

        logger.RequestExpired(request.Id.ToString(), endpoint, request.Deadline, when);
        return true;
    }

    /// <summary>Sends what went wrong: if that is refused too, nothing more can be said.</summary>
    public async Task<bool> SendFaultAsync(AskedRequest request, byte[] value, SendContext? context)
    {
        try
        {
            return await SendAsync(request, RequestHeaders.Fault, value, context).ConfigureAwait(false);
        }
        catch (OutboxException error)
        {
            logger.AnswerNotSent(request.Id.ToString(), endpoint, request.ReplyTo.Topic, error.Message);
            return false;
        }
    }

    /// <returns>Whether the brokers have it; where they have not, its asker waits in vain.</returns>
    /// <exception cref="OutboxException">The answer itself is refused, as one that is too large.</exception>
    public async Task<bool> SendAsync(AskedRequest request, string type, byte[] value, SendContext? context)
    {
        var headers = SetHeaders.Of(context);
        headers[MessageHeaders.MessageId] = (context?.MessageId ?? Guid.CreateVersion7(time.GetUtcNow())).ToString();
        headers[MessageHeaders.Type] = type;
        headers[MessageHeaders.ContentType] = RequestHeaders.Json;
        headers[MessageHeaders.CorrelationId] = request.CorrelationId;
        headers[RequestHeaders.RequestId] = request.Id.ToString();
        headers[RequestHeaders.ReplyInstance] = request.ReplyTo.Instance;
        TraceContext.Write(Activity.Current, headers);
        try
        {
            await producer.SendAsync(new TopicPartition(request.ReplyTo.Topic, request.ReplyTo.Partition), request.Id, value, headers).ConfigureAwait(false);
            return true;
        }
        catch (KafkaException error) when (KafkaErrors.KindOf(error.Error) == ErrorKind.Record)
        {
            throw new OutboxException($"The answer '{type}' to request {request.Id} was refused. {KafkaErrors.Explain(error.Error, request.ReplyTo.Topic)}", error);
        }
        catch (KafkaException error)
        {
            logger.AnswerNotSent(request.Id.ToString(), endpoint, request.ReplyTo.Topic, KafkaErrors.Explain(error.Error, request.ReplyTo.Topic));
            return false;
        }
    }
}
