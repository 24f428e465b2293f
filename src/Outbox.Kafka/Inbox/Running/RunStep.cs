using Outbox.Inbox;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>Has the endpoint's consumers process messages one by one.</summary>
internal sealed class RunStep(Pipeline pipeline, ProcessingReport report) : IStep
{
    public async Task<Verdict[]> TakeAsync(IReadOnlyList<Passage> messages)
    {
        var verdicts = new Verdict[messages.Count];
        for (var i = 0; i < verdicts.Length; i++)
        {
            verdicts[i] = await RunAsync(messages[i]).ConfigureAwait(false);
        }

        return verdicts;
    }

    private async Task<Verdict> RunAsync(Passage message)
    {
        using var context = pipeline.Open(message);
        var attempts = Pipeline.AttemptsOf(context);
        using var span = report.Start(message);
        try
        {
            await pipeline.SendAsync(context, message).ConfigureAwait(false);
            message.Attempts = Math.Max(1, attempts.Count);
            if (context.Redelivery is { } redelivery)
            {
                var error = attempts.Error ?? new OutboxException("Its consumer failed.");
                ProcessingReport.Failed(span, error);
                return new Verdict.Later(redelivery.Delay, redelivery.Count, error);
            }

            report.Ended(message, attempts.Outcome);
            return Verdict.Done(attempts.Outcome);
        }
        catch (Exception error)
        {
            message.Attempts = Math.Max(1, attempts.Count);
            ProcessingReport.Failed(span, error);
            return new Verdict.Failed(error);
        }
    }
}
