using System.Reflection;
using System.Text;
using Outbox.Capture;
using Outbox.Kafka;
using Outbox.MongoDb;

namespace Outbox.Tests.Docs.Settings;

/// <summary>docs/options.md, made of the options' types.</summary>
internal static class OptionsPage
{
    private const string Head =
        """
        # Options

        Every setting, from the types that hold them; a test keeps this page as they are. A setting with a key can come from the configuration (`appsettings.json`, or an environment variable with `__` for `:`,
        `Outbox__Kafka__BootstrapServers`), and from code, which wins: `o.QueryDelay = …` in `AddOutbox`, `o.UseMongoDb(m => …)`, `o.UseKafka(k => …)`. Times are written `00:00:01.500` or `7.00:00:00` there. Each is validated
        when the service starts, and an error names the key and what it may be. What is for one topic, one endpoint or one message is set in code alone.

        """;

    private static readonly Assembly[] Libraries = [typeof(OutboxOptions).Assembly, typeof(MongoDbOptions).Assembly, typeof(BusOutboxOptions).Assembly, typeof(KafkaOptions).Assembly];

    /// <summary>What is set of a topic and of an endpoint, with the letter that the examples give it.</summary>
    private static readonly Dictionary<Type, string> Configurators = new() { [typeof(TopicConfigurator)] = "t.", [typeof(ITopicEndpointConfigurator)] = "e." };

    public static string Write()
    {
        var page = new StringBuilder(Head);
        var types = Libraries.SelectMany(library => library.GetExportedTypes())
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && Settings(type).Any())
            .OrderBy(type => Section(type) is null).ThenBy(Section, StringComparer.Ordinal).ThenBy(type => type.Name, StringComparer.Ordinal);
        foreach (var type in types.Concat(Configurators.Keys))
        {
            Write(page, type);
        }

        return page.ToString();
    }

    private static void Write(StringBuilder page, Type type)
    {
        var docs = new XmlDocs(type.Assembly);
        var options = type.GetConstructor([]) is null ? null : Activator.CreateInstance(type);
        var section = Section(type);
        page.Append($"\n## {type.Name}\n\n{docs.Of(type)} Namespace `{type.Namespace}`.\n\n");
        page.Append(section is null ? "| name | default | range | meaning |\n|---|---|---|---|\n" : "| name | key | default | range | meaning |\n|---|---|---|---|---|\n");
        foreach (var setting in Settings(type))
        {
            var key = section is null ? "" : $"| `{section}:{setting.Name}` ";
            var said = SettingText.Default(setting, options, docs.Of(setting, "value"));
            page.Append($"| `{Configurators.GetValueOrDefault(type, "")}{setting.Name}` {key}| {said} | {SettingText.Range(setting)} | {docs.Of(setting, "summary")} |\n");
        }
    }

    /// <summary>What can be set, or filled: in the order of the code.</summary>
    private static IEnumerable<PropertyInfo> Settings(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(property => property.SetMethod is { IsPublic: true } || property.PropertyType.Name.StartsWith("IDictionary", StringComparison.Ordinal) || property.PropertyType.Name.StartsWith("IList", StringComparison.Ordinal));

    private static string? Section(Type type) => type.GetField("Section")?.GetRawConstantValue() as string;
}
