using System.Reflection;
using System.Runtime.CompilerServices;

namespace Outbox.Tests.Standards;

public sealed class TypeTests
{
    private static readonly Assembly[] Sources =
    [
        typeof(OutboxOptions).Assembly,
        typeof(MongoDb.MongoDbOptions).Assembly,
        typeof(Kafka.KafkaOptions).Assembly,
        typeof(OutboxRegistrationExtensions).Assembly,
        typeof(Embedded.EmbeddedServers).Assembly,
        typeof(Testing.OutboxHarness).Assembly,
        typeof(Cli.OutboxCommand).Assembly,
        typeof(Dashboard.OutboxDashboardOptions).Assembly,
    ];

    /// <summary>Where code of a user's file finds extension methods without a using for each project.</summary>
    private static readonly string[] ForUsers = ["Outbox", "Outbox.Versioning"];

    [Fact]
    public void Internal_classes_are_sealed_static_or_abstract() => Rule.Holds(
        from type in Types()
        where type is { IsClass: true, IsSealed: false, IsAbstract: false } && !IsVisible(type)
        select type.FullName,
        "A class that is open to inheritance by accident is a promise nobody made: seal it, or make it abstract if it is a base. Open are:");

    [Fact]
    public void Namespaces_start_with_the_projects_name() => Rule.Holds(
        from type in Types()
        where type.Namespace is { } name && !IsBelow(name, type.Assembly.GetName().Name!) && !IsException(type)
        select $"{type.FullName} in {type.Assembly.GetName().Name}",
        "A type's namespace tells its project. Exceptions: what users call, in Outbox and Outbox.Versioning, and Outbox.MassTransit, whose namespaces leave out "
        + "the last word because a namespace Outbox.MassTransit would hide MassTransit's own. Others are:");

    [Fact]
    public void Names_say_what_a_type_does() => Rule.Holds(
        from type in Types()
        let name = type.Name.Split('`')[0]
        where new[] { "Manager", "Helper", "Helpers", "Util", "Utils", "Utility" }.Any(word => name.EndsWith(word, StringComparison.Ordinal))
        select type.FullName,
        "Manager, Helper and Util name no task, so such a type collects all of them. Name what it does:");

    [Fact]
    public void Settings_are_called_options() => Rule.Holds(
        from type in Types()
        let name = type.Name.Split('`')[0]
        where IsVisible(type) && new[] { "Settings", "Configuration", "Config", "Parameters" }.Any(word => name.EndsWith(word, StringComparison.Ordinal))
        select type.FullName,
        "There is one word for the settings that a user sees, Options:");

    private static IEnumerable<Type> Types() => Sources.SelectMany(assembly => assembly.GetTypes()).Where(IsWritten);

    /// <summary>Not made by the compiler or a generator.</summary>
    private static bool IsWritten(Type type) =>
        !type.Name.Contains('<')
        && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true
        && type.Namespace?.StartsWith("Microsoft", StringComparison.Ordinal) != true
        && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && (type.DeclaringType is null || IsWritten(type.DeclaringType));

    private static bool IsVisible(Type type) => type.IsVisible || type.IsNestedFamily || type.IsNestedFamORAssem;

    private static bool IsBelow(string name, string parent) => name == parent || name.StartsWith(parent + ".", StringComparison.Ordinal);

    private static bool IsException(Type type) =>
        (type.IsVisible && ForUsers.Contains(type.Namespace))
        || (type.Assembly == typeof(OutboxRegistrationExtensions).Assembly && IsBelow(type.Namespace!, "Outbox"));
}
