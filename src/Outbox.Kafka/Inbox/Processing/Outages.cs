using Outbox.Kafka.Inbox.Consuming;

namespace Outbox.Kafka.Inbox.Processing;

/// <summary>What makes an error an outage, and how long to wait after one.</summary>
internal sealed class Outages(EndpointServices services)
{
    public bool IsOutage(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (services.OutageDetectors.Any(detector => detector.IsOutage(cause)))
            {
                return true;
            }
        }

        return error is AggregateException several && several.InnerExceptions.Any(IsOutage);
    }

    public TimeSpan WaitAfter(int failures)
    {
        var doubled = services.Outbox.RetryDelay * Math.Pow(2, Math.Min(failures, 30));
        return doubled < services.Outbox.MaxRetryDelay ? doubled : services.Outbox.MaxRetryDelay;
    }
}
