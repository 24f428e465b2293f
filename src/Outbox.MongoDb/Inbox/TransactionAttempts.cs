using Microsoft.Extensions.Logging;
using MongoDB.Driver;
using Outbox.Inbox;
using Outbox.Inbox.Failing;
using Outbox.MongoDb.Capture;
using Outbox.MongoDb.Sessions;

namespace Outbox.MongoDb.Inbox;

/// <summary>
/// Counts the attempts of one message's transaction, or a batch's. The driver repeats what the server has aborted for two minutes, which is right for a conflict and an election; an
/// attempt that the server aborts each time is the message's own failure.
/// </summary>
internal sealed class TransactionAttempts(string what, int most, TimeProvider time, ILogger logger)
{
    /// <summary>No such transaction (it was aborted), too old, and over its lifetime.</summary>
    private static readonly int[] Aborted = [251, 225, 290];

    private Exception? _first;
    private TimeSpan _took;
    private MongoOutboxTransaction? _transaction;
    private bool _uncommitted;
    private int _aborted;

    /// <exception cref="TransactionAbortedException">The server has aborted as many attempts as it may.</exception>
    public async Task<T> RunAsync<T>(MongoOutboxTransaction transaction, Func<Task<T>> attempt)
    {
        if (_uncommitted && TransactionErrors.WronglyCaught(_transaction!) is null)
        {
            // It came to its end, and here it is again: the commit was refused.
            Count(null);
        }

        _transaction = transaction;
        var started = time.GetTimestamp();
        try
        {
            var result = await attempt().ConfigureAwait(false);
            _took = time.GetElapsedTime(started);
            _uncommitted = true;
            return result;
        }
        catch (Exception error) when (IsAborted(error))
        {
            _took = time.GetElapsedTime(started);
            _uncommitted = false;
            Count(error);
            throw;
        }
    }

    private void Count(Exception? error)
    {
        _first ??= error;
        if (++_aborted >= most)
        {
            throw new TransactionAbortedException(Describe(), _first);
        }

        logger.TransactionAborted(error, what, _took, _aborted, most);
    }

    private string Describe() =>
        $"MongoDB has aborted the transaction of {what} {_aborted} times; its last attempt took {_took.TotalSeconds:0.#} s. Either an error was caught that ends a transaction, such as a duplicate key (look "
        + "before the write, or let the error out), or the consumer runs longer than transactionLifetimeLimitSeconds, a minute unless the server says otherwise (make it shorter, or use "
        + $"e.Inbox(x => x.Transactional = false)).{(_first is null ? "" : $" First error: {_first.Message}")}";

    private static bool IsAborted(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (MongoErrors.IsInterrupted(error) || (error is MongoCommandException command && Aborted.Contains(command.Code)))
            {
                return true;
            }
        }

        return false;
    }
}
