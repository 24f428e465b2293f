using MongoDB.Driver;

namespace Outbox.MongoDb.Statistics;

/// <summary>Runs queries that must not take long. One that does is not known, and named; a server that cannot be reached is an error of them all.</summary>
internal sealed class BoundedQuery(TimeSpan limit)
{
    private readonly List<(string What, string Reason)> _unknown = [];

    /// <summary>What the server is told: it gives up by itself.</summary>
    public TimeSpan Limit => limit;

    /// <summary>What is not known.</summary>
    public IReadOnlyList<string> Unknown => _unknown.ConvertAll(part => $"{part.What} {part.Reason}");

    /// <summary>What is not known, and why.</summary>
    public IReadOnlyList<(string What, string Reason)> Parts => _unknown;

    public async Task<T?> RunAsync<T>(string what, Func<CancellationToken, Task<T>> query, CancellationToken cancellationToken)
    {
        // The server may hang instead of giving up.
        using var hang = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        hang.CancelAfter(limit * 2);
        try
        {
            return await query(hang.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is MongoExecutionTimeoutException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            _unknown.Add((what, $"took longer than {limit}"));
            return default;
        }
    }
}
