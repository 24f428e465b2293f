using System.Diagnostics;
using MassTransit;
using MassTransit.Batching;
using MassTransit.Context;
using Outbox.Capture;

namespace Outbox.Inbox.Batches;

/// <summary>
/// Runs a consumer of batches inside the inbox: duplicates are taken out, the rest is one transaction. A batch that fails is split in halves, down to the
/// messages that cannot be processed: the good ones go through, and only the others fail.
/// </summary>
internal sealed class BatchInboxFilter<TMessage>(InboxEndpoint endpoint, string consumer) : IFilter<ConsumeContext<Batch<TMessage>>>
    where TMessage : class
{
    private readonly InboxRecords<TMessage> _records = new(endpoint);

    public async Task Send(ConsumeContext<Batch<TMessage>> context, IPipe<ConsumeContext<Batch<TMessage>>> next)
    {
        var items = ItemsOf(context);
        items.ForEach(item => item.Begin());
        var errors = new BatchErrors<TMessage>();
        await SplitAsync(context, next, items, errors).ConfigureAwait(false);
        // MassTransit lets those pass that were consumed, and faults the others.
        errors.ThrowIfAny();
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("inbox").Add("endpoint", endpoint.Name);

    /// <summary>In a batch that the transport put together, one context stands for all messages; in a retry, those that are done are left out.</summary>
    private List<BatchItem<TMessage>> ItemsOf(ConsumeContext<Batch<TMessage>> context) =>
        context.Message.Length == 1 && context.Message[0].TryGetPayload<WholeBatch>(out var whole)
            ? [.. whole.Items.Where(item => item.Attempts.Outcome is null).Select(ItemOf)]
            : [.. context.Message.Select(message => new BatchItem<TMessage>(message, _records.Of(message)))];

    private BatchItem<TMessage> ItemOf(WholeBatchItem item)
    {
        var context = new MessageConsumeContext<TMessage>(item.Context, (TMessage)item.Message);
        return new BatchItem<TMessage>(context, _records.Of(context), item);
    }

    private async Task SplitAsync(
        ConsumeContext<Batch<TMessage>> context, IPipe<ConsumeContext<Batch<TMessage>>> next, List<BatchItem<TMessage>> all, BatchErrors<TMessage> errors)
    {
        var items = errors.Free(all);
        if (items.Count == 0)
        {
            return;
        }

        try
        {
            await RunAsync(context, next, items).ConfigureAwait(false);
        }
        catch (Exception error) when (!context.CancellationToken.IsCancellationRequested)
        {
            if (await endpoint.IsOutageAsync(error, context.CancellationToken).ConfigureAwait(false))
            {
                throw;
            }

            if (items.Count == 1)
            {
                errors.Add(items[0], error);
                return;
            }

            var half = items.Count / 2;
            await SplitAsync(context, next, items[..half], errors).ConfigureAwait(false);
            await SplitAsync(context, next, items[half..], errors).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(ConsumeContext<Batch<TMessage>> context, IPipe<ConsumeContext<Batch<TMessage>>> next, List<BatchItem<TMessage>> items)
    {
        var started = Stopwatch.GetTimestamp();
        var outcomes = await endpoint.Batches.ExecuteAsync(
            items.ConvertAll(item => item.Record),
            (transaction, fresh, _) => ConsumeAsync(context, next, fresh.Select(index => items[index].Context), transaction),
            context.CancellationToken).ConfigureAwait(false);
        for (var i = 0; i < items.Count; i++)
        {
            items[i].Attempts.End(outcomes[i]);
            if (outcomes[i] == InboxOutcome.Duplicate)
            {
                endpoint.Metrics.Duplicate(endpoint.Name);
            }

            await items[i].Context.NotifyConsumed(items[i].Context, Stopwatch.GetElapsedTime(started), consumer).ConfigureAwait(false);
        }
    }

    private async Task ConsumeAsync(
        ConsumeContext<Batch<TMessage>> context,
        IPipe<ConsumeContext<Batch<TMessage>>> next,
        IEnumerable<ConsumeContext<TMessage>> fresh,
        IOutboxTransaction transaction)
    {
        using var ambient = AmbientTransaction.Enter(transaction);
        var messages = fresh.Select(ConsumeContext<TMessage> (message) => new InboxConsumeContext<TMessage>(message, transaction, endpoint.Capture)).ToList();
        var batch = new MessageBatch<TMessage>(context.Message.FirstMessageReceived, context.Message.LastMessageReceived, context.Message.Mode, messages);
        var inner = new InboxConsumeContext<Batch<TMessage>>(new BatchConsumeContext<TMessage>(context, batch), transaction, endpoint.Capture) { IsNotifiedLater = true };
        await next.Send(inner).ConfigureAwait(false);
        await inner.ConsumeCompleted.ConfigureAwait(false);
        foreach (var message in messages)
        {
            await message.ConsumeCompleted.ConfigureAwait(false);
        }
    }
}
