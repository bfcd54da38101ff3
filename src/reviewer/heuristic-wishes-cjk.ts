import type { WishRule } from './heuristic-request.ts';
import { PERSONAL_CJK, TOOL } from './heuristic-words.ts';

/** Greetings and softeners in front of a Chinese or Japanese request. */
const OPENER =
  /^(?:(?:好的?|嗯+|哦|对了|另外|还有|顺便说一下|顺便|请你?|麻烦你?|拜托|注意|提醒一下|说一下|首先|其次|最后|谢谢|ok|补充一点|再说一次|再强调一下|强调一下|老规矩|那|你|お願い(?:します)?|あと|それと|ちなみに|すみません|では|じゃあ)[\s,，。:：、!！.]*)+/u;
const opened = (plain: string): string => plain.replace(OPENER, '');

/** What programs do, or what happens by itself: no request to a person. */
const EVENT =
  /(?:失败|报错|出错|超时|崩溃|挂掉|返回|显示|弹出|触发|出现|为空|卡住|跳转|渲染|抛出|闪退|加载|执行一次|刷新|点击|渲染|保持|等于|忘记?|不通过|断开|丢失|失敗|エラー|落ち|表示|返す|クラッシュ)/u;
/** Words of the work on a repository. */
const WORK =
  /提交|分支|仓库|项目|代码|测试|注释|合并|推送|发布|部署|依赖|命名|变量名|迁移|文档|回答|回复|评审|commit|push|merge|pr\b|main|master|lint|格式化|密钥|生产|プッシュ|コミット|テスト|コメント|ブランチ|リポジトリ|プロジェクト|コード|変更前|計画/u;

const asksToRememberInChinese: WishRule = ({ plain }) => {
  const rest = opened(plain);
  const fact =
    /^(?:记住|记一下|记好|牢记|记下来?|帮我记住|要记住|务必记住|一定要记住|别忘了|不要忘记|切记|记得)(?:了|一下|这一?点|这个|以下)?[\s,，:：、。]*(.{3,})$/u.exec(
      rest,
    )?.[1];
  if (fact === undefined) return undefined;
  if (/^(?:记得|别忘了|不要忘记)/u.test(rest))
    return /每次|每个|以后|之前|前先?|之后|都|总是|一律|我们/u.test(fact) && WORK.test(fact) && !EVENT.test(fact)
      ? { confidence: 0.8 }
      : undefined;
  return /^(?:日志|log|时间|耗时|错误|请求|密码|我的?登录|登录状态|用户名|账号|选择|选项|状态|上次)/u.test(fact)
    ? undefined
    : { confidence: 0.95 };
};

const saysFromNowOnInChinese: WishRule = ({ plain }) => {
  const rest = opened(plain);
  const found =
    /(?:^|[,，、;；:：]\s*|^(?:我|我们|在?这个?(?:项目|仓库)(?:里|中)?)\s*)(?:从(?:现在|今天|今)(?:起|开始|以后|往后)?|以后(?![端台缀续置果悔])|今后|往后|后续|下次|之后)(?:的|里|我们|你|也|就|在)*[\s,，]*(.{2,})$/u.exec(
      rest,
    );
  const order = found?.[1];
  if (
    order === undefined ||
    /^(?:再(?!也)|可能|会|也许|要是|如果|有空|有时间|想|打算|的事|版本|吧|怎么|我想|我会|我再|我自己|慢慢|需求)/u.test(
      order,
    )
  )
    return undefined;
  if (
    /(?:会不会|会[^议话计]|可能|打算|计划|准备|考虑)/u.test(order) &&
    !/(?:请|都|不要|别|必须|一律|统一)/u.test(order)
  )
    return undefined;
  const asks =
    /(?:请|都|别|不要|不许|不准|不再|不用|用|使用|必须|要|一律|统一|先|只|优先|尽量|应该|得|直接|写|加|放|改用|回答|回复|默认|禁止|记得|按|叫|保持)/u.test(
      order,
    );
  return asks && !EVENT.test(order) ? { confidence: 0.9 } : undefined;
};

/** "When committing, …", "in this project …": where a rule holds. */
const PLACE_OR_TIME =
  /^(?:在?(?:这个|我们的?|本)?(?:项目|仓库|代码库|团队)(?:里|中|内)?|(?:写|改|提交|合并|推送|部署|发布|回答|回复|运行|修改|安装|新增|命名)[^,，]{0,16}?(?:的?时候?|之?前|之?后|时|问题)?)[\s,，]*(?=(?:请|都|要|必须|务必|一定|一律|始终|总是|永远|绝|千万|不要|禁止|统一))/u;
const withoutPlace = (plain: string): string => opened(plain).replace(PLACE_OR_TIME, '');

const asksNeverInChinese: WishRule = ({ plain }) => {
  const never =
    /^(?:请)?(?:永远不要|永远别|永远不(?:能|许|得|准|可以)|绝(?:对)?不(?:要|能|许|可以|可|得|准)|千万(?:不要|别)|任何时候都(?:不要|别|不能)|禁止|严禁|从来不要|切勿)(.{2,})$/u.exec(
      withoutPlace(plain),
    )?.[1];
  if (never === undefined) return undefined;
  const work = WORK.test(plain);
  return EVENT.test(never) && !WORK.test(never) ? undefined : { confidence: work ? 0.9 : 0.8 };
};

const asksAlwaysInChinese: WishRule = ({ plain }) => {
  const rest = withoutPlace(plain);
  const order =
    /^(?:请|你要|要|我们)?(?:始终|总是|一律|一直|统一|务必|必须始终|永远|每次都?要?|凡是)(?:要|都|先|请|用)?(.{2,})$/u.exec(
      rest,
    )?.[1];
  if (order === undefined || (EVENT.test(order) && !/提交|回答|回复/u.test(order))) return undefined;
  if (/都?会|太慢|^把|[，,]把/u.test(order)) return undefined;
  // "Wait all the time", "by all means": without "each time" these are about now.
  if (/^(?:请|你要|要|我们)?(?:一直|永远|务必)/u.test(rest) && !/都|每|永远先/u.test(rest)) return undefined;
  return [WORK, PERSONAL_CJK, TOOL, /用/u].some((words) => words.test(plain)) ? { confidence: 0.85 } : undefined;
};

const asksNotAgainInChinese: WishRule = ({ plain }) => {
  const rest = opened(plain);
  const order = /^(?:请|你|拜托|真的|也)*(?:不要再|别再|不许再|不准再|再也不要|再也别|以后不要|以后别)(.{2,})$/u.exec(
    rest,
  )?.[1];
  if (order === undefined) return undefined;
  if (
    /^(?:等|试|跑|运行|执行|重试|重启|启动|刷新|说|看|查|找|纠结|折腾|管|下载|安装|装|编译|构建|发|问(?!我)|继续|循环|调用|请求|渲染|触发)/u.test(
      order,
    ) &&
    !/每次|都/u.test(order)
  )
    return undefined;
  if (![WORK, PERSONAL_CJK, TOOL, /用|写|加|改|提交|删|动|建|推|猜|省略|解释|道歉/u].some((words) => words.test(order)))
    return undefined;
  return /(?:这个|那个|该)(?:函数|文件|接口|脚本|命令|任务|进程)|已经|弹|显示|展示|出现/u.test(order)
    ? undefined
    : { confidence: 0.85 };
};

const usesInsteadInChinese: WishRule = ({ plain }) => {
  const rest = opened(plain).replace(
    /^(?:在?(?:这个|我们的?|本)?(?:项目|仓库|代码库)(?:里|中|内)?|我们|这里|这边|都|统一|装依赖|安装依赖|跑测试|包管理)[\s,，]*/u,
    '',
  );
  const forms = [
    /^(?:都|请|应该|要|得|只)?(?:改?用|使用|采用)\s*(\S.{0,24}?)[\s,，、]*(?:而不(?:是|要)用?|不要用|不用|别用|代替|替代|取代|而非|不是)\s*(\S.{0,24}?)(?:[\s,，。.!！]|$|了|来)/u,
    /^(?:请)?(?:不要|别|不)(?:再)?用\s*(\S.{0,24}?)(?:了)?[\s,，、;；。]*(?:请|要)?(?:改用|换成|改成|用|使用)\s*(\S.{0,24}?)(?:[\s,，。.!！]|$|吧|来)/u,
  ];
  const pair = forms.map((form) => form.exec(rest)).find((found) => found !== null);
  if (!pair) return undefined;
  const lasting = /项目|仓库|以后|统一|都|我们/u.test(plain);
  return lasting || TOOL.test(pair[1] ?? '') || TOOL.test(pair[2] ?? '') ? { confidence: 0.85 } : undefined;
};

const prefersInChinese: WishRule = ({ plain }) => {
  const rest = opened(plain);
  const liking =
    /^我(?:个人)?(?:更|比较|一般|平时|一向|还是|非常|很)?(?:喜欢|偏好|习惯(?!性)|倾向于?|讨厌|不喜欢)(?:用|你)?(.{2,})$/u.exec(
      rest,
    )?.[1];
  if (liking !== undefined)
    return /^(?:这|那|它|第|你(?:的|这|那)|上面|前者|后者)|方案\s*[一二三ab\d]|这个|那个/u.test(liking)
      ? undefined
      : { confidence: 0.85 };
  if (
    /^(?:请|都|要)*(?:用|以|使用)(?:简体|繁体)?(?:中文|英文|英语|日语|日文)(?:来)?(?:和我|跟我|给我|进行)?(?:回答|回复|答复|交流|沟通|对话|解释|说)/u.test(
      rest,
    )
  )
    return { confidence: 0.85 };
  return /^(?:你的|请|所有)*(?:回答|回复|解释)(?:请|要|尽量|都|一律|应该)+.{0,6}(?:简洁|简短|短|中文|英文|直接|详细|分点)/u.test(
    rest,
  )
    ? { confidence: 0.85 }
    : undefined;
};

const statesRepositoryRuleInChinese: WishRule = ({ plain }) => {
  const rest = opened(plain);
  const place =
    /^(?:在?(?:这个|本|咱们|我们(?:的|这个)?)?(?:项目|仓库|代码库|团队|公司)|我们(?:这个?)?)(?:里|中|内|这边)?(?:的)?[\s,，]*(.{3,})$/u.exec(
      rest,
    )?.[1];
  if (place === undefined || EVENT.test(place)) return undefined;
  if (
    /^(?:统一|一律|都|只|必须|规定|约定|要求|禁止|不允许|不用|从不|默认)(?:是|用|要|使用)?/u.test(place) &&
    (WORK.test(place) || TOOL.test(place))
  )
    return { confidence: 0.85 };
  if (/^(?:用|使用)(?:的是)?\s*\S+.*(?:不用|不是|而不是|别用|不要用)/u.test(place) && TOOL.test(place))
    return { confidence: 0.85 };
  return /^(?:所有|每个|每次|全部)?(?:的)?(?:提交信息|commit(?: message)?|提交|pr|分支名?|注释|变量名|测试)(?:都)?(?:必须|要|应该|一律|统一|只能|放在|用)/u.test(
    place,
  )
    ? { confidence: 0.8 }
    : undefined;
};

const statesWorkRuleInChinese: WishRule = ({ plain }) => {
  const rest = opened(plain);
  if (
    /^(?:所有|每个|每次|每条|全部)(?:的)?(?:提交信息|commit(?: message)?|提交|pr|分支名?|代码注释|合并|发布|部署|推送|改动|修改)(?:之?前|时)?(?:都)?(?:必须|要|应该|一律|统一|只能|得|先|用)/u.test(
      rest,
    ) &&
    !EVENT.test(rest)
  )
    return { confidence: 0.85 };
  return /^(?:提交|推送|合并|发布|部署|commit|push|merge)(?:代码|之?前|前|到 ?main|的时候)+.{0,4}(?:一定要|必须|务必|都要|都得|先)(?:.{2,})/u.test(
    rest,
  ) && /一定|必须|务必|都/u.test(rest)
    ? { confidence: 0.8 }
    : undefined;
};

const asksToRememberInJapanese: WishRule = ({ plain }) => {
  const rest = opened(plain);
  const forms = [
    /^.{3,}(?:を|って|と|ことを)?(?:覚えて(?:おいて)?(?:ください|下さい|ね)?|記憶して(?:ください)?)[。.!！]*$/u,
    /^覚えて(?:おいて)?(?:ください|下さい|ね)?[\s、。:：]+.{4,}/u,
  ];
  return forms.some((form) => form.test(rest)) ? { confidence: 0.9 } : undefined;
};

const saysFromNowOnInJapanese: WishRule = ({ plain }) => {
  const rest = opened(plain);
  const asks =
    /(?:てください|て下さい|て欲しい|てほしい|てくれ|ないで(?:ください|下さい|ね)?|こと|ように(?:して(?:ください)?|お願いします)?|お願いします|で(?:統一|答え|回答|書い).*|禁止(?:です)?)[。.!！]*$/u;
  const plans = /(?:検討|予定|かもしれ|つもり|思い|と思)/u;
  if (!/(?:^|、)(?:今後(?!の)|これから|以後|次回から|今度から)(?:は|も)?/u.test(rest)) return undefined;
  return asks.test(rest) && !plans.test(rest) ? { confidence: 0.9 } : undefined;
};

const asksAlwaysInJapanese: WishRule = ({ plain }) => {
  const rest = opened(plain);
  const asks =
    /(?:てください|て下さい|てほしい|ないで(?:ください|下さい|ね)?|こと|ように(?:して(?:ください)?)?|お願いします)[。.!！]*$/u;
  if (
    !/(?:^|、|は|を|に|が)(?:常に|毎回|いつも|絶対に|決して|二度と)|(?:は|とき|時|時は|際は|前に|後に|場合|たび|たびに|、)必ず/u.test(
      rest,
    ) ||
    !asks.test(rest)
  )
    return undefined;
  return [WORK, TOOL, PERSONAL_CJK].some((words) => words.test(rest)) ? { confidence: 0.85 } : undefined;
};

const usesInsteadInJapanese: WishRule = ({ plain }) => {
  const rest = opened(plain);
  const here =
    /^(?:このリポジトリ|このプロジェクト|うち|弊社)(?:では|は).*(?:ではなく|じゃなくて|を使い|使って|統一|禁止)/u;
  const instead = /(?:ではなく|じゃなくて|の代わりに).{1,20}を?使(?:って|う)/u;
  return here.test(rest) || (instead.test(rest) && TOOL.test(rest)) ? { confidence: 0.85 } : undefined;
};

export const cjkWishRules = {
  asksToRememberInChinese,
  saysFromNowOnInChinese,
  asksNeverInChinese,
  asksAlwaysInChinese,
  asksNotAgainInChinese,
  usesInsteadInChinese,
  prefersInChinese,
  statesRepositoryRuleInChinese,
  statesWorkRuleInChinese,
  asksToRememberInJapanese,
  saysFromNowOnInJapanese,
  asksAlwaysInJapanese,
  usesInsteadInJapanese,
} satisfies Record<string, WishRule>;
