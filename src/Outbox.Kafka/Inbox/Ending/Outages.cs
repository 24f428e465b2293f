using Outbox.Inbox;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>Tells an outage from a message's own failure.</summary>
internal sealed class Outages(IReadOnlyList<IOutageDetector> detectors)
{
    public bool IsOutage(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (detectors.Any(detector => detector.IsOutage(cause)))
            {
                return true;
            }
        }

        return error is AggregateException several && several.InnerExceptions.Any(IsOutage);
    }
}
