using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Outbox.Capture;

/// <summary>Gives a call without a type argument to the method that has one, for transactions that implement those alone.</summary>
internal static class UntypedCalls
{
    public static void Invoke(IOutboxTransaction transaction, string method, Type type, object?[] arguments)
    {
        var generic = typeof(IOutboxTransaction).GetMethods().Single(candidate => candidate.Name == method && candidate.IsGenericMethodDefinition);
        try
        {
            generic.MakeGenericMethod(type).Invoke(transaction, arguments);
        }
        catch (TargetInvocationException error) when (error.InnerException is { } cause)
        {
            ExceptionDispatchInfo.Capture(cause).Throw();
        }
    }
}
