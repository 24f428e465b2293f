using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Faults;

/// MongoDB's own way to make commands fail: configureFailPoint.
internal sealed class FailPoints
{
    private const string AnyCommand = "failCommand";
    private const string GetMore = "failGetMoreAfterCursorCheckout";

    private const string RetryableWrite = "onPrimaryTransactionalWrite";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, FailCommand> _active = [];

    public void Configure(BsonDocument command)
    {
        var name = command[0].IsString ? command[0].AsString : "";
        if (name is not (AnyCommand or GetMore or RetryableWrite))
        {
            throw MongoError.BadValue($"There is no fail point '{command[0]}': this server has '{AnyCommand}', '{GetMore}' and '{RetryableWrite}'");
        }

        var next = FailCommand.Parse(command);
        lock (_gate)
        {
            _active.Remove(name);
            if (next is not null)
            {
                _active.Add(name, next);
            }
        }
    }

    /// What shall happen to this command, if anything. Counts as one use of the fail point.
    public FailCommand? Next(string command, string? appName)
    {
        lock (_gate)
        {
            return _active.TryGetValue(AnyCommand, out var active) && active.Concerns(command, appName) && active.Fires() ? active : null;
        }
    }

    /// What shall happen to this statement of a retryable write, if anything.
    public FailCommand? NextRetryableWrite()
    {
        lock (_gate)
        {
            return _active.TryGetValue(RetryableWrite, out var active) && active.Fires() ? active : null;
        }
    }

    public void ThrowIfGetMoreFails()
    {
        lock (_gate)
        {
            if (_active.TryGetValue(GetMore, out var active) && active.Fires() && active.ErrorCode is { } code)
            {
                throw new MongoError(code, CodeNames.Of(code), $"Failing getMore via '{GetMore}' failpoint");
            }
        }
    }
}
