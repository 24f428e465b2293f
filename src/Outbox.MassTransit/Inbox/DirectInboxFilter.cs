using System.Diagnostics;
using MassTransit;
using Outbox.Capture;

namespace Outbox.Inbox;

/// <summary>
/// Runs the consumer without a transaction, and writes the record after it. A crash in between brings the message again, and the consumer's version-checked change
/// then finds itself done.
/// </summary>
internal sealed class DirectInboxFilter<TMessage>(InboxEndpoint endpoint, InboxRecords<TMessage> records) : IFilter<ConsumeContext<TMessage>>
    where TMessage : class
{
    private readonly IInboxRecordStore _store = endpoint.Records;
    private readonly WithoutTransaction _transaction = new(endpoint.Name);

    public async Task Send(ConsumeContext<TMessage> context, IPipe<ConsumeContext<TMessage>> next)
    {
        var started = Stopwatch.GetTimestamp();
        var attempts = context.ReceiveContext.GetOrAddPayload(static () => new InboxAttempts());
        var record = records.Of(context);
        using var shared = await SharedMessage.TakeAsync(context, record).ConfigureAwait(false);
        attempts.Begin(record);
        if (record.Sequence is not null)
        {
            throw _transaction.Refuse($"'{record.Type}' is in sequence: a message and its turn are committed together");
        }

        var notices = new AttemptNotices();
        if (await _store.ContainsAsync(record, context.CancellationToken).ConfigureAwait(false))
        {
            attempts.End(InboxOutcome.Duplicate);
            endpoint.Metrics.Duplicate(endpoint.Name);
            notices.Consumed(() => context.NotifyConsumed(context, Stopwatch.GetElapsedTime(started), records.Consumer));
        }
        else
        {
            await RunAsync(context, next, notices).ConfigureAwait(false);
            await _store.AddAsync(record, context.CancellationToken).ConfigureAwait(false);
            attempts.End(InboxOutcome.Processed);
        }

        await (shared?.ConsumedAsync(record, notices.CommittedAsync) ?? notices.CommittedAsync()).ConfigureAwait(false);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope(InboxEndpoint.FilterName).Set(new { Endpoint = endpoint.Name, Transactional = false });

    private async Task RunAsync(ConsumeContext<TMessage> context, IPipe<ConsumeContext<TMessage>> next, AttemptNotices notices)
    {
        using var ambient = AmbientTransaction.Enter(_transaction);
        var inner = new InboxConsumeContext<TMessage>(context, endpoint, _transaction, notices);
        try
        {
            await next.Send(inner).ConfigureAwait(false);
            await inner.ConsumeCompleted.ConfigureAwait(false);
        }
        catch (Exception error)
        {
            context.ReceiveContext.GetOrAddPayload(static () => new InboxAttempts()).Fail(error);
            await notices.FailedAsync(static () => Task.CompletedTask).ConfigureAwait(false);
            throw;
        }
    }
}
