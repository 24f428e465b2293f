using System.Diagnostics;
using MassTransit;
using Outbox.Capture;
using Outbox.Inbox.Sequencing;
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
        var attempts = context.ReceiveContext.GetOrAddPayload(() => new InboxAttempts());
        attempts.Begin();
        var outcome = await endpoint.Inbox.ExecuteAsync(Record(context), (transaction, _) => RunAsync(context, next, transaction), context.CancellationToken)
            .ConfigureAwait(false);
        attempts.End(outcome);
        if (outcome == InboxOutcome.Early && !attempts.EarlyMessagesWait)
        {
            throw new OutboxException(
                $"Message {context.MessageId} ({Type}) came before its predecessor, and endpoint '{endpoint.Name}' cannot have it wait. Consume types in sequence on a "
                + "TopicEndpoint of UsingKafkaOutbox.");
        }

        if (outcome is InboxOutcome.Duplicate or InboxOutcome.Stale or InboxOutcome.Early)
        {
            Count(outcome);
            await context.NotifyConsumed(context, Stopwatch.GetElapsedTime(started), consumer).ConfigureAwait(false);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("inbox").Add("endpoint", endpoint.Name);

    private void Count(InboxOutcome outcome)
    {
        if (outcome == InboxOutcome.Duplicate)
        {
            endpoint.Metrics.Duplicate(endpoint.Name);
        }
        else if (outcome == InboxOutcome.Stale)
        {
            endpoint.Metrics.Stale(endpoint.Name);
        }
    }

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
            return new InboxRecord(endpoint.Name, stamp.MessageId, Type, stamp.EntityId, stamp.Version, correlationId)
            {
                Sequence = stamp.Ordering == MessageOrdering.Sequence ? new Sequence(endpoint.Name, _registration!.Topic, stamp.EntityId) : null,
            };
        }

        return context.MessageId is { } messageId
            ? new InboxRecord(endpoint.Name, messageId.ToString(), Type, CorrelationId: correlationId)
            : throw new OutboxException(
                $"A {typeof(TMessage).Name} on endpoint '{endpoint.Name}' has no message id, so a duplicate of it could not be recognised. Its producer must set one.");
    }
}
