using System.Diagnostics;
using System.Reflection;

namespace Outbox.Operations.Errors;

/// <summary>Groups exceptions: by the innermost, which says what is wrong, and the first frame of the application's, which says where.</summary>
internal static class ExceptionSignature
{
    /// <summary>A longer chain is somebody's loop.</summary>
    private const int Deepest = 20;

    public static ErrorSignature Of(Exception error)
    {
        var chain = Chain(error);
        var type = TypeName(chain[^1].GetType());
        if (chain.AsEnumerable().Reverse().Select(OwnFrame).FirstOrDefault(frame => frame is not null) is not { } frame)
        {
            var text = $"{type}: {TextSignature.Common(chain[^1].Message)}";
            return new ErrorSignature(TextSignature.Hash(text), TextSignature.Of(text).Title);
        }

        return new ErrorSignature(TextSignature.Hash($"{chain[^1].GetType().FullName} {frame.FullName}"), $"{type} in {frame.ShortName}");
    }

    /// <summary>Of several at once the first is as good as any.</summary>
    private static List<Exception> Chain(Exception error)
    {
        List<Exception> chain = [];
        for (var next = error; next is not null && chain.Count < Deepest; next = next.InnerException)
        {
            chain.Add(next);
        }

        return chain;
    }

    private static Frame? OwnFrame(Exception error) =>
        new StackTrace(error, fNeedFileInfo: false).GetFrames().Select(frame => frame.GetMethod()).FirstOrDefault(Frame.IsOwn) is { } method ? Frame.Of(method) : null;

    private static string TypeName(Type type) => type.Name.Split('`')[0];

    /// <summary>A method as its author calls it: not the state machine or the closure that the compiler made of it, which has numbers that change.</summary>
    private sealed record Frame(string FullName, string ShortName)
    {
        private static readonly string[] Others =
        [
            "System", "Microsoft", "mscorlib", "netstandard", "MassTransit", "MongoDB", "DnsClient", "Confluent", "Outbox", "Outbox.MongoDb", "Outbox.Kafka", "Outbox.MassTransit", "Outbox.Testing",
            "Outbox.Embedded", "Polly", "Newtonsoft",
        ];

        private static readonly string[] Families = ["System.", "Microsoft.", "MassTransit.", "MongoDB.", "Confluent.", "Polly.", "Newtonsoft."];

        public static bool IsOwn(MethodBase? method) =>
            method?.DeclaringType?.Assembly.GetName().Name is { } name
            && !Others.Contains(name) && !Array.Exists(Families, family => name.StartsWith(family, StringComparison.Ordinal));

        public static Frame Of(MethodBase method)
        {
            var (type, name) = (method.DeclaringType!, Authors(method.Name));
            while (type.DeclaringType is { } outer && type.Name.StartsWith('<'))
            {
                name = Authors(type.Name) ?? name;
                type = outer;
            }

            return new Frame($"{type.Namespace}.{TypeName(type)}.{name ?? method.Name}", $"{TypeName(type)}.{name ?? method.Name}");
        }

        /// <summary><c>&lt;Consume&gt;d__5</c> is Consume; a closure, <c>&lt;&gt;c__DisplayClass3_0</c>, says nothing.</summary>
        private static string? Authors(string name)
        {
            if (!name.StartsWith('<'))
            {
                return null;
            }

            var end = name.IndexOf('>', StringComparison.Ordinal);
            return end > 1 ? name[1..end].TrimStart('<') : null;
        }
    }
}
