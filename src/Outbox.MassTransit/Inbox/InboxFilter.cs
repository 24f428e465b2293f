using System.Diagnostics;
using MassTransit;
using Outbox.Capture;

namespace Outbox.Inbox;

/// <summary>
/// Runs the consumer of one message type inside the inbox. Retries of the endpoint are outside of it and get a new transaction each; retries of the
/// transaction run the rest of the pipe again, with a new consumer.
/// </summary>
internal sealed class InboxFilter<TMessage>(InboxEndpoint endpoint, string consumer) : IFilter<ConsumeContext<TMessage>>
    where TMessage : class
{
    private readonly InboxRecords<TMessage> _records = new(endpoint);

    public async Task Send(ConsumeContext<TMessage> context, IPipe<ConsumeContext<TMessage>> next)
    {
        var started = Stopwatch.GetTimestamp();
        var attempts = context.ReceiveContext.GetOrAddPayload(() => new InboxAttempts());
        attempts.Begin();
        var outcome = await endpoint.Inbox.ExecuteAsync(_records.Of(context), (transaction, _) => RunAsync(context, next, transaction), context.CancellationToken)
            .ConfigureAwait(false);
        attempts.End(outcome);
        if (outcome == InboxOutcome.Early && !attempts.EarlyMessagesWait)
        {
            throw new OutboxException(
                $"Message {context.MessageId} ({_records.Type}) came before its predecessor, and endpoint '{endpoint.Name}' cannot have it wait. Consume types in sequence on a "
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
}
