namespace Outbox.Inbox.Failing;

/// <summary>Tells an outage, which other messages meet too, from a failure that is one message's own.</summary>
/// <param name="detectors">Those of the stores.</param>
public sealed class Outages(IEnumerable<IOutageDetector> detectors)
{
    private readonly IReadOnlyList<IOutageDetector> _detectors = [.. detectors];

    /// <summary>Whether the error, or what caused it, looks like an outage.</summary>
    public bool IsSuspected(Exception error) => Suspects(error).Any();

    /// <summary>Whether it is one: the database, when asked, does not answer either. What it does answer, the message has to answer for.</summary>
    public async Task<bool> IsOutageAsync(Exception error, CancellationToken cancellationToken)
    {
        foreach (var detector in Suspects(error).Distinct())
        {
            if (!await detector.IsOverAsync(cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private IEnumerable<IOutageDetector> Suspects(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is TransactionAbortedException)
            {
                yield break;
            }

            foreach (var detector in _detectors.Where(detector => detector.IsOutage(cause)))
            {
                yield return detector;
            }

            if (cause is AggregateException several)
            {
                foreach (var detector in several.InnerExceptions.SelectMany(Suspects))
                {
                    yield return detector;
                }
            }
        }
    }
}
