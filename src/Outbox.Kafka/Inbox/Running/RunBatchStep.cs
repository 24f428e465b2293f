using Outbox.Inbox;
using Outbox.Inbox.Batches;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>Has the endpoint's consumer process messages all at once, in one transaction. The first message stands for all in MassTransit's pipeline.</summary>
internal sealed class RunBatchStep(Pipeline pipeline, ProcessingReport report) : IStep
{
    public async Task<Verdict[]> TakeAsync(IReadOnlyList<Passage> messages)
    {
        var items = messages.Select(ItemOf).ToArray();
        var (error, abandoned) = await SendAsync(messages, items).ConfigureAwait(false);
        return Judge(messages, items, error, abandoned);
    }

    private WholeBatchItem ItemOf(Passage message)
    {
        var context = pipeline.Open(message);
        return new WholeBatchItem(pipeline.ContextOf(context, message), message.Decoded!.Content!, Pipeline.AttemptsOf(context));
    }

    private async Task<(Exception? Error, bool Abandoned)> SendAsync(IReadOnlyList<Passage> messages, WholeBatchItem[] items)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource([.. messages.Select(message => message.Lifetime.Abandoned).Distinct()]);
        using var span = report.Start(messages);
        var carrier = pipeline.OpenFor(messages[0], new WholeBatch(items), abandoned.Token);
        try
        {
            await pipeline.SendAsync(carrier, messages[0]).ConfigureAwait(false);
            return (null, false);
        }
        catch (Exception error)
        {
            ProcessingReport.Failed(span, error);
            return (error, abandoned.IsCancellationRequested);
        }
    }

    /// <summary>
    /// Those that failed on their own failed; what waited for them, or for a partition that is gone, is next. If none did, the error was outside of the inbox, and everyone's.
    /// </summary>
    private Verdict[] Judge(IReadOnlyList<Passage> messages, WholeBatchItem[] items, Exception? error, bool abandoned)
    {
        var someFailed = items.Any(item => item.Error is not null);
        var verdicts = new Verdict[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            messages[i].Attempts = Math.Max(1, items[i].Attempts.Count);
            verdicts[i] = items[i] switch
            {
                { Attempts.Outcome: { } outcome } => Verdict.Done(outcome),
                _ when error is null => Verdict.Done(null),
                _ when abandoned => Verdict.Again,
                { Error: { } own } => new Verdict.Failed(own),
                _ => someFailed ? Verdict.Again : new Verdict.Failed(error),
            };
            if (verdicts[i] is Verdict.Ran ran)
            {
                report.Ended(messages[i], ran.Outcome);
            }
        }

        return verdicts;
    }
}
