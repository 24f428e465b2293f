using System.Diagnostics;
using MassTransit;
using Outbox.Capture;
using Outbox.Messages;
using Outbox.Versioning;
using MessageHeaders = Outbox.Messages.MessageHeaders;

namespace Outbox.Inbox;

/// <summary>
/// Runs the consumer of one message type inside the inbox. Retries of the endpoint are outside of it and get a new transaction each; retries of the
/// transaction run the rest of the pipe again, with a new consumer.
/// </summary>
internal sealed class InboxFilter<TMessage>(InboxEndpoint endpoint, string consumer) : IFilter<ConsumeContext<TMessage>>
    where TMessage : class
{
    private readonly MessageRegistration? _registration = endpoint.Registry.TryGet(typeof(TMessage), out var found) ? found : null;

    private string Type => _registration?.Type ?? MessageTypeName.Of(typeof(TMessage));

    public async Task Send(ConsumeContext<TMessage> context, IPipe<ConsumeContext<TMessage>> next)
    {
        var started = Stopwatch.GetTimestamp();
        context.ReceiveContext.GetOrAddPayload(() => new InboxAttempts()).Add();
        var outcome = await endpoint.Inbox.ExecuteAsync(Record(context), (transaction, _) => RunAsync(context, next, transaction), context.CancellationToken)
            .ConfigureAwait(false);
        if (outcome == InboxOutcome.Duplicate)
        {
            endpoint.Metrics.Duplicate(endpoint.Name);
            await context.NotifyConsumed(context, Stopwatch.GetElapsedTime(started), consumer).ConfigureAwait(false);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("inbox").Add("endpoint", endpoint.Name);

    private async Task RunAsync(ConsumeContext<TMessage> context, IPipe<ConsumeContext<TMessage>> next, IOutboxTransaction transaction)
    {
        using var ambient = AmbientTransaction.Enter(transaction);
        var inner = new InboxConsumeContext<TMessage>(context, transaction, endpoint.Capture);
        await next.Send(inner).ConfigureAwait(false);
        await inner.ConsumeCompleted.ConfigureAwait(false);
    }

    private InboxRecord Record(ConsumeContext<TMessage> context)
    {
        var correlationId = context.Headers.Get<string>(MessageHeaders.CorrelationId) ?? context.CorrelationId?.ToString();
        if (!context.TryGetPayload<MessageStamp>(out var stamp) && context.StampFromHeaders(_registration?.Ordering ?? default) is { } read)
        {
            stamp = context.AddOrUpdatePayload(() => read, _ => read);
        }

        if (stamp is not null)
        {
            return new InboxRecord(endpoint.Name, stamp.MessageId, Type, stamp.EntityId, stamp.Version, correlationId);
        }

        return context.MessageId is { } messageId
            ? new InboxRecord(endpoint.Name, messageId.ToString(), Type, CorrelationId: correlationId)
            : throw new OutboxException(
                $"A {typeof(TMessage).Name} on endpoint '{endpoint.Name}' has no message id, so a duplicate of it could not be recognised. Its producer must set one.");
    }
}
