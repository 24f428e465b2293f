using Outbox.Inbox;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Running;

/// <summary>Has the endpoint's consumers process messages one by one.</summary>
internal sealed class RunStep(Pipeline pipeline, ProcessingReport report) : EachStep
{
    protected override bool Concerns(Passage message) => true;

    protected override async Task<Verdict> JudgeAsync(Passage message)
    {
        var context = pipeline.Open(message);
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
