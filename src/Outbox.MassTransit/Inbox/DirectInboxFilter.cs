using System.Diagnostics;
using MassTransit;
using Outbox.Capture;

namespace Outbox.Inbox;

/// <summary>
/// Runs the consumer without a transaction, and writes the record after it. A crash in between brings the message again, and the consumer's version-checked change
/// then finds itself done.
/// </summary>
internal sealed class DirectInboxFilter<TMessage>(InboxEndpoint endpoint, string consumer) : IFilter<ConsumeContext<TMessage>>
    where TMessage : class
{
    private readonly InboxRecords<TMessage> _records = new(endpoint);
    private readonly IInboxRecordStore _store = endpoint.Records;
    private readonly WithoutTransaction _transaction = new(endpoint.Name);

    public async Task Send(ConsumeContext<TMessage> context, IPipe<ConsumeContext<TMessage>> next)
    {
        var started = Stopwatch.GetTimestamp();
        var attempts = context.ReceiveContext.GetOrAddPayload(() => new InboxAttempts());
        attempts.Begin();
        var record = _records.Of(context);
        if (record.Sequence is not null)
        {
            throw _transaction.Refuse($"'{record.Type}' is in sequence: a message and its turn are committed together");
        }

        if (await _store.ContainsAsync(record, context.CancellationToken).ConfigureAwait(false))
        {
            attempts.End(InboxOutcome.Duplicate);
            endpoint.Metrics.Duplicate(endpoint.Name);
            await context.NotifyConsumed(context, Stopwatch.GetElapsedTime(started), consumer).ConfigureAwait(false);
            return;
        }

        await RunAsync(context, next).ConfigureAwait(false);
        await _store.AddAsync(record, context.CancellationToken).ConfigureAwait(false);
        attempts.End(InboxOutcome.Processed);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("inbox").Set(new { Endpoint = endpoint.Name, Transactional = false });

    private async Task RunAsync(ConsumeContext<TMessage> context, IPipe<ConsumeContext<TMessage>> next)
    {
        using var ambient = AmbientTransaction.Enter(_transaction);
        var inner = new InboxConsumeContext<TMessage>(context, _transaction, endpoint.Capture);
        await next.Send(inner).ConfigureAwait(false);
        await inner.ConsumeCompleted.ConfigureAwait(false);
    }
}
