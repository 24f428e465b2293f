using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Faults;

internal sealed class FailCommand
{
    private static readonly HashSet<string> Known =
        ["failCommands", "errorCode", "errorLabels", "errorExtraInfo", "closeConnection", "blockConnection", "blockTimeMS", "writeConcernError", "appName", "failInternalCommands", "failBeforeCommitExceptionCode"];

    private readonly HashSet<string> _commands = [];
    private string? _appName;
    private long _skip;
    private long _times = long.MaxValue;

    public BsonDocument? WriteConcernError { get; private set; }

    public bool CloseConnection { get; private set; }

    /// For retryable writes: fails before the commit, or only loses the answer.
    public int? CodeBeforeCommit { get; private set; }

    public bool KeepsConnection { get; private set; }

    public TimeSpan Block { get; private set; }

    public int? ErrorCode { get; private set; }

    public IReadOnlyList<string>? Labels { get; private set; }

    /// Null when the fail point is turned off.
    public static FailCommand? Parse(BsonDocument command)
    {
        var result = new FailCommand();
        if (!result.ReadMode(command.GetValue("mode", "off")))
        {
            return null;
        }

        var data = command.GetValue("data", new BsonDocument()).AsBsonDocument;
        foreach (var name in data.Names.Where(n => !Known.Contains(n)))
        {
            throw MongoError.BadValue($"failCommand does not know '{name}' in its data");
        }

        if (data.TryGetValue("failCommands", out var commands))
        {
            result._commands.UnionWith(commands.AsBsonArray.Select(c => c.AsString));
        }

        result._appName = data.GetValue("appName", BsonNull.Value) is BsonString name2 ? name2.AsString : null;
        result.CodeBeforeCommit = data.TryGetValue("failBeforeCommitExceptionCode", out var before) ? before.ToInt32() : null;
        result.KeepsConnection = data.TryGetValue("closeConnection", out var close) && !close.ToBoolean();
        result.CloseConnection = data.GetValue("closeConnection", false).ToBoolean();
        result.ErrorCode = data.TryGetValue("errorCode", out var code) ? code.ToInt32() : null;
        result.Labels = data.TryGetValue("errorLabels", out var labels) ? [.. labels.AsBsonArray.Select(l => l.AsString)] : null;
        result.WriteConcernError = data.GetValue("writeConcernError", BsonNull.Value) as BsonDocument;
        if (data.GetValue("blockConnection", false).ToBoolean())
        {
            result.Block = TimeSpan.FromMilliseconds(data.GetValue("blockTimeMS", 0).ToDouble());
        }

        return result;
    }

    public bool Concerns(string command, string? appName) => _commands.Contains(command) && (_appName is null || _appName == appName);

    public bool Fires()
    {
        if (_skip > 0)
        {
            _skip--;
            return false;
        }

        if (_times <= 0)
        {
            return false;
        }

        _times--;
        return true;
    }

    private bool ReadMode(BsonValue mode)
    {
        switch (mode)
        {
            case BsonString { Value: "alwaysOn" }:
                return true;
            case BsonString { Value: "off" }:
                return false;
            case BsonDocument { ElementCount: 1 } counted when counted.GetElement(0).Name == "times":
                _times = counted[0].ToInt64();
                return true;
            case BsonDocument { ElementCount: 1 } counted when counted.GetElement(0).Name == "skip":
                _skip = counted[0].ToInt64();
                return true;
            default:
                throw MongoError.BadValue($"A fail point's mode is 'alwaysOn', 'off', {{times: n}} or {{skip: n}}, not {mode}");
        }
    }
}
