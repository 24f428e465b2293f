using System.Text.Json;
using Outbox.Cli.Answers;

namespace Outbox.Cli.Connecting;

/// <summary>Reads profiles: a JSON file of the user's, with what a command line would have to say each time.</summary>
internal static class Profiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Where they are: <c>outbox/profiles.json</c> of the user's configuration, unless OUTBOX_PROFILES names another file.</summary>
    public static string PathOf(Func<string, string?> environment) => environment("OUTBOX_PROFILES") is { Length: > 0 } file
        ? file
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "outbox", "profiles.json");

    /// <exception cref="CommandException">There is no such profile, or the file cannot be read.</exception>
    public static ConnectionSettings Read(string name, Func<string, string?> environment)
    {
        var path = PathOf(environment);
        var profiles = Parse(path);
        return profiles.TryGetValue(name, out var found)
            ? found.Settings(name)
            : throw new CommandException(ExitCode.Usage, $"There is no profile '{name}' in {path}. It has: {(profiles.Count == 0 ? "none" : string.Join(", ", profiles.Keys.Order(StringComparer.Ordinal)))}.");
    }

    /// <summary>Lines <c>name=value</c>, as Kafka's own tools read them.</summary>
    public static IReadOnlyDictionary<string, string> ReadProperties(string path)
    {
        var lines = Text(path).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');
        var pairs = lines.Select(line => line.Split('=', 2)).ToList();
        return pairs.TrueForAll(pair => pair.Length == 2)
            ? pairs.DistinctBy(pair => pair[0].Trim()).ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim())
            : throw new CommandException(ExitCode.Usage, $"{path} has a line that is not name=value. It is not shown, because of the passwords.");
    }

    private static Dictionary<string, Profile> Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, Profile>>(Text(path), Json) ?? [];
        }
        catch (JsonException error)
        {
            // Not the driver's words: they may hold a part of the file.
            throw new CommandException(ExitCode.Usage, $"{path} is not a file of profiles: line {error.LineNumber + 1} cannot be read (docs/command-line.md has an example).");
        }
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"{path} cannot be read: {error.Message}", error);
        }
    }

    private sealed record Profile(
        string? MongoDb, string? Database, string? Prefix, string? Kafka, string? TopicPrefix, Dictionary<string, string>? KafkaSettings, string? KafkaConfig, bool AllowEdit, string[]? Redact)
    {
        public ConnectionSettings Settings(string name) => new()
        {
            Profile = name,
            MongoDb = MongoDb,
            Database = Database,
            Prefix = Prefix ?? "",
            Kafka = Kafka,
            TopicPrefix = TopicPrefix ?? "",
            KafkaSettings = KafkaConfig is null ? KafkaSettings ?? [] : ReadProperties(KafkaConfig),
            AllowEdit = AllowEdit,
            Redact = Redact ?? [],
        };
    }
}
