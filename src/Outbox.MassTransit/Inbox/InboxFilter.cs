using System.Diagnostics;
using MassTransit;
using Outbox.Capture;

namespace Outbox.Inbox;

/// <summary>
/// Runs the consumer of one message type inside the inbox. Retries of the endpoint are outside of it and get a new transaction each; retries of the
/// transaction run the rest of the pipe again, with a new consumer.
/// </summary>
internal sealed class InboxFilter<TMessage>(InboxEndpoint endpoint, InboxRecords<TMessage> records) : IFilter<ConsumeContext<TMessage>>
    where TMessage : class
{
    public async Task Send(ConsumeContext<TMessage> context, IPipe<ConsumeContext<TMessage>> next)
    {
        var started = Stopwatch.GetTimestamp();
        var record = records.Of(context);
        var attempts = context.ReceiveContext.GetOrAddPayload(static () => new InboxAttempts());
        using var shared = await SharedMessage.TakeAsync(context, record).ConfigureAwait(false);
        attempts.Begin(record);
        var notices = new AttemptNotices();
        var outcome = await ProcessAsync(context, next, record, notices).ConfigureAwait(false);
        attempts.End(outcome);
        if (outcome == InboxOutcome.Early && !attempts.EarlyMessagesWait)
        {
            throw new OutboxException(
                $"Message {context.MessageId} ({records.Type}) came before its predecessor, and endpoint '{endpoint.Name}' cannot have it wait. Consume types in sequence on a "
                + "TopicEndpoint of UsingKafkaOutbox.");
        }

        if (outcome is InboxOutcome.Duplicate or InboxOutcome.Stale or InboxOutcome.Early)
        {
            endpoint.Metrics.Count(endpoint.Name, outcome);
            notices.Consumed(() => context.NotifyConsumed(context, Stopwatch.GetElapsedTime(started), records.Consumer));
        }

        await (shared?.ConsumedAsync(record, notices.CommittedAsync) ?? notices.CommittedAsync()).ConfigureAwait(false);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope(InboxEndpoint.FilterName).Add("endpoint", endpoint.Name);

    private async Task<InboxOutcome> ProcessAsync(
        ConsumeContext<TMessage> context, IPipe<ConsumeContext<TMessage>> next, InboxRecord record, AttemptNotices notices)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await endpoint.Inbox
                .ExecuteAsync(record, (transaction, _) => RunAsync(context, next, transaction, notices), context.CancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            context.ReceiveContext.GetOrAddPayload(static () => new InboxAttempts()).Fail(error);
            await notices.FailedAsync(() => context.NotifyFaulted(context, Stopwatch.GetElapsedTime(started), records.Consumer, error)).ConfigureAwait(false);
            throw;
        }
    }

    private async Task RunAsync(ConsumeContext<TMessage> context, IPipe<ConsumeContext<TMessage>> next, IOutboxTransaction transaction, AttemptNotices notices)
    {
        notices.Begin();
        using var ambient = AmbientTransaction.Enter(transaction);
        var inner = new InboxConsumeContext<TMessage>(context, endpoint, transaction, notices);
        await next.Send(inner).ConfigureAwait(false);
        await inner.ConsumeCompleted.ConfigureAwait(false);
    }
}
